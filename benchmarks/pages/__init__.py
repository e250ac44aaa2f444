"""Pages as people send them, drawn by hand for judging the reader, each with what a careful person reads on it.

A page is one file: `sources/seen` may be looked at while the reader is being worked on, `sources/unseen` stays
closed until its figures are asked for. Whoever drew them had not seen the reader. `python -m benchmarks.pages OUTDIR`
renders them, `python -m benchmarks.pages.measure OUTDIR` lets the program read them and counts.

What is on a page is marked where it stands: n= a tracking number (its carrier; s=cut, masked or blurred; v= what
is shown of it), o an order id, x another number, t= a time (s where it cannot be read), c= and w= the time of the
capture and where it stands, m= whose message. The head of the source says the rest.
"""
