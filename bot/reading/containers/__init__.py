"""Files that hold others: mails, archives, documents and saved pages, taken apart in a disposable process."""
