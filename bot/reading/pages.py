"""What a page says of itself: its site, its languages, its capture date."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bot.domain.evidence import TimeRole
from bot.reading.plain import plain, words_pattern
from bot.reading.tables import Vocabulary
from bot.reading.times import Stamp

_HOST = re.compile(r"(?<![A-Za-z0-9.\-@])(?:[A-Za-z0-9\-]{1,63}\.){1,6}[A-Za-z]{2,24}(?![A-Za-z0-9\-])")
_PUBLIC = re.compile(
    r"\.(?:com|net|org|info|biz|shop|app|io|co|me|cn|hk|tw|us|uk|my|th|ph|vn|sg|id|sa|ae|de|fr|eu|jp|au|ca|es|it|nl|pl)$"
)
_SCRIPTS = {
    # A single character may be an icon as the recogniser takes it.
    "zh": re.compile(r"[\u4e00-\u9fff](?=[\u4e00-\u9fff])"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "vi": re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE),
}
_MAIN = {"th": 0.3, "ar": 0.3, "vi": 0.06}
"""The share of a page's letters from which it is in the language: those that no other language has."""
_SMALL_WORDS, _ONE_IN = 2, 15
_WORD = re.compile(r"[^\W\d_]{2,}")
_SAMPLE, _BEGINNING = 20_000, 100_000


@dataclass(frozen=True, eq=False)
class PageReader:
    """Reads what a page says of itself from its plain text."""

    vocabulary: Vocabulary

    def sites(self, text: str) -> tuple[str, ...]:
        """The sites named by shop hosts, by "shop_region=", by a label or as "TikTok Shop UK"; a carrier's site
        decides nothing."""
        text = text[:_BEGINNING]
        hosts = set(self._all_hosts(text))
        found = {site for site, known in self.vocabulary.sites.hosts.items() if hosts & set(known)}
        found |= {self._site_of[match[1].lower()] for match in self._site_label.finditer(text)}
        return tuple(site for site in self.vocabulary.sites.names if site in found)

    def hosts(self, text: str) -> tuple[str, ...]:
        """The web addresses' hosts shown, each once, file names and mail addresses left out."""
        return tuple(host for host in self._all_hosts(text[:_BEGINNING]) if _PUBLIC.search(host))[:20]

    @staticmethod
    def _all_hosts(text: str) -> list[str]:
        return list(dict.fromkeys(host.lower() for host in _HOST.findall(text)))

    def languages(self, text: str) -> tuple[str, ...]:
        """ISO 639-1 codes of the languages seen in the beginning of the text, by script and small words."""
        sample = text[:_SAMPLE]
        found = [code for code, script in _SCRIPTS.items() if len(script.findall(sample)) >= 2]
        words = [word.lower() for word in _WORD.findall(sample)]
        for code, small in self.vocabulary.languages.items():
            hits = sum(word in set(small) for word in words)
            if code not in found and len(words) and hits >= max(1, len(words) // 25):
                found.append(code)
        return tuple(found)

    def main_language(self, text: str) -> str:
        """The language in which most of the page is, "" where it has several or none that is told by its letters or
        by many small words."""
        sample = text[:_SAMPLE]
        letters, words = sum(map(str.isalpha, sample)), [word.lower() for word in _WORD.findall(sample)]
        for code, share in _MAIN.items():
            if letters and len(_SCRIPTS[code].findall(sample)) > share * letters:
                return code
        for code, small in self.vocabulary.languages.items():
            hits = sum(word in set(small) for word in words)
            if code not in _MAIN and hits > max(_SMALL_WORDS, len(words) / _ONE_IN):
                return code
        return ""

    @staticmethod
    def captured(stamps: Sequence[Stamp]) -> tuple[datetime | None, bool]:
        """The earliest visible capture time and whether others on the page contradict it by more than a day."""
        times = sorted(item.stamp.at for item in stamps if item.stamp.role is TimeRole.CAPTURED and item.stamp.at)
        return (times[0], (times[-1] - times[0]).days >= 1) if times else (None, False)

    @cached_property
    def _site_of(self) -> dict[str, str]:
        names = self.vocabulary.sites.names.items()
        return {plain(word).lower(): site for site, words in names for word in words}

    @cached_property
    def _site_label(self) -> re.Pattern[str]:
        labels = words_pattern(self.vocabulary.sites.labels)
        names = words_pattern(self._site_of)
        return re.compile(rf"(?:(?:{labels})\s?[:=]\s?|TikTok Shop\s?[(\-]?\s?)({names})", re.IGNORECASE)
