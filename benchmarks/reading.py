"""Reading pictures against the recogniser alone, the same picture again, a worker's memory, a burst of pictures.

Run: python -m benchmarks.reading. Needs Chromium for the pages. Every side reads the same pictures, once to get warm
and then in turn, with threads of the same niceness; ratios are medians over the pictures of each one's best round, so
that what else the machine does meets all. Processor seconds hardly depend on it: they are given beside the time.
"""

import io
import os
import resource
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from rapidocr import RapidOCR

from bot.cli.demo import load_demo
from bot.conversation.events import CommandReceived, FileReceived, Upload
from bot.domain.evidence import Facts
from bot.domain.policy import Policy
from bot.reading.limits import Limits
from bot.reading.ocr import Ocr
from bot.reading.pictures import Pictures
from bot.reading.pool import Pool
from bot.reading.reader import FileReader, file_reader
from bot.reading.scan import Scan, located, sheet_of
from bot.reading.tables import load_carriers, load_vocabulary
from bot.runtime.bootstrap import App, open_app
from bot.runtime.server import Running
from bot.settings.files import data_root, load_data
from bot.settings.model import Settings
from tests.accuracy.score import Score
from tests.accuracy.studio import make_set
from tests.accuracy.truth import Sample

PICTURES, ROUNDS, BURST, NICE, PAUSE = 16, 3, 20, 5, 10
PLAIN = ("none", "jpeg40", "half", "webp")


def product(limits: Limits) -> FileReader:
    """The reader as the program makes it."""
    folder = data_root("config")
    policy = load_data(folder / "policies" / "tiktok-shop.toml", Policy)
    return file_reader(policy, load_carriers(folder), load_vocabulary(folder), limits)


def forgetful(reader: FileReader, pool: Pool) -> FileReader:
    """A reader that remembers no picture yet, on the same warm processes."""
    return replace(reader, pictures=Pictures(pool, reader.words, ()))


def seconds(work: Callable[..., object], *given: object) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work(*given)
    return time.perf_counter() - start


def effort(work: Callable[..., object], *given: object, pool: Pool | None = None) -> tuple[float, float]:
    """How long it takes, and the processor seconds of this process, of those that it ended, and of the pool's."""
    used = processor_seconds(pool)
    return seconds(work, *given), processor_seconds(pool) - used


def processor_seconds(pool: Pool | None) -> float:
    """The processor time used so far."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    workers = sum(worker._cpu_seconds() for worker in pool._idle) if pool else 0.0
    return time.process_time() + ended.ru_utime + ended.ru_stime + workers


def pixels(sample: Sample) -> Any:
    """The picture as the recognisers take it."""
    with Image.open(sample.path) as picture:
        return np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])


def by_defaults(engine: RapidOCR, sample: Sample, reader: FileReader) -> Facts:
    """What the recogniser with its own settings finds, turned into facts as the product does."""
    found = engine(pixels(sample))
    rows = zip(found.txts or (), found.scores or (), () if found.boxes is None else found.boxes, strict=True)
    lines = tuple(
        {"text": text, "confidence": score, "quad": box.tolist(), "places": [], "confidences": []}
        for text, score, box in rows
    )
    sheet = sheet_of(scan := Scan(lines, {}), reader.words)
    return located(reader.words.read(sheet.text, "", sheet), sheet, scan, reader.words)


def compare(samples: Sequence[Sample]) -> None:
    """The product, its recogniser alone and the recogniser's defaults on the same pictures, and what each reads."""
    reader, pool = product(Limits(workers=1)), Pool(Limits(workers=1))
    with pool.worker() as worker:
        worker.ask("look", samples[0].path.read_bytes())
    # The worker has made itself nicer than this process by as much; threads take it from the one that starts them.
    os.nice(NICE)
    alone, defaults = Ocr(), RapidOCR(params={"Global.log_level": "error"})
    ours, theirs = Score(), Score()
    ratios, shares, gains, savings, taken, used, again = [], [], [], [], [], [], []
    for sample in samples:
        picture = pixels(sample)
        theirs.take(sample, by_defaults(defaults, sample, reader))
        ours.take(sample, forgetful(reader, pool).read(sample.path, "page.png"))
        alone.lines(picture)
        whole, own, plain = [], [], []
        for _ in range(ROUNDS):
            fresh = forgetful(reader, pool)
            whole.append(effort(fresh.read, sample.path, "page.png", pool=pool))
            own.append(effort(alone.lines, picture))
            plain.append(effort(defaults, picture))
            again.append(seconds(fresh.read, sample.path, "page.png"))
        (time_whole, cpu_whole), (time_own, cpu_own), (time_plain, cpu_plain) = map(best, (whole, own, plain))
        ratios.append(time_whole / time_own)
        shares.append(cpu_whole / cpu_own)
        gains.append(time_plain / time_own)
        savings.append(cpu_plain / cpu_own)
        taken.append(time_whole)
        used.append(cpu_own)
    pool.close()
    print(f"picture to answer: median {statistics.median(taken):.2f} s, in the recogniser ", end="")
    print(f"{statistics.median(used):.2f} s of processor time", flush=True)
    print(f"  against the recogniser alone: {statistics.median(ratios):.2f} (limit 1.15)", end="")
    print(f", in processor time {statistics.median(shares):.2f}")
    print(
        f"  its speed against its defaults on all cores: {statistics.median(gains):.2f} times (at least 2.5)", end=""
    )
    print(f", with {statistics.median(savings):.2f} times less processor time")
    print(f"  recall of numbers, order ids, times: {recalls(ours)}; with the defaults {recalls(theirs)}")
    print(f"the same picture again: median {1000 * statistics.median(again):.0f} ms, ", end="")
    print(f"p95 {1000 * p95(again):.0f} ms (limit 50)", flush=True)


def best(rounds: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The shortest time and the least processor time."""
    return min(taken for taken, _ in rounds), min(used for _, used in rounds)


def recalls(score: Score) -> str:
    """The recall of three fields."""
    found = (score.total[name].recall for name in ("tracking", "order_ids", "times"))
    return ", ".join("none there" if recall is None else f"{100 * recall:.1f} %" for recall in found)


def memory(samples: Sequence[Sample]) -> None:
    """The largest a worker grows over all pictures, and what is left of it when it has been idle."""
    pool = Pool(Limits(workers=1, idle_seconds=10, kept_seconds=10))
    reader, peak = forgetful(product(Limits()), pool), 0.0
    for sample in samples:
        reader.read(sample.path, "page.png")
        for worker in pool._idle:
            status = Path(f"/proc/{worker.process.pid}/status").read_text()
            peak = max(peak, next(float(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")))
    print(f"a worker: peak {peak / 1000:.0f} MB resident (limit 500)", end="; ")
    pool._idle[0].process.wait(60)
    print("idle: ended, 0 MB", flush=True)


def after_a_pause(samples: Sequence[Sample]) -> None:
    """The first picture when the processes had time to end, and the first of all, whose process gets ready while the
    file is on its way; the time a warm one takes is in both."""
    pool = Pool(Limits(workers=2, idle_seconds=PAUSE - 4))
    path = samples[0].path
    warm = forgetful(product(Limits()), pool)
    begun = effort(warm.read, path, "page.png", pool=pool)
    time.sleep(PAUSE)
    took, used = effort(forgetful(warm, pool).read, path, "page.png", pool=pool)
    print(f"first picture after a pause: {took:.2f} s (limit 1.5), {used:.2f} s of processor time; ", end="")
    print(f"first of all {begun[0]:.2f} s, {begun[1]:.2f} s", flush=True)
    pool.close()


def burst(folder: Path, samples: Sequence[Sample]) -> None:
    """Twenty pictures at once to twenty conversations, and what a command takes meanwhile."""
    settings = Settings(data_dir=folder / "data")
    load_demo(settings, lambda words: None)
    app = open_app(settings)
    running = Running(app)
    running.begin()
    quiet = [seconds(command, app, number) for number in range(40)]
    began = time.perf_counter()
    waits = [app.inbox.accept(upload(app, folder, samples, number)) for number in range(BURST)]
    threads = [threading.Thread(target=wait) for wait in waits]
    for thread in threads:
        thread.start()
    delays, number = [], 1000
    while any(thread.is_alive() for thread in threads):
        delays.append(seconds(command, app, number))
        number += 1
        time.sleep(0.05)
    took = time.perf_counter() - began
    running.end()
    print(f"{BURST} pictures at once: read in {took:.0f} s; {len(delays)} commands meanwhile, p95 ", end="")
    print(f"{p95(delays):.2f} s (limit 1), without pictures {p95(quiet):.2f} s", flush=True)


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return sorted(values)[len(values) * 95 // 100]


def command(app: App, number: int) -> None:
    """One person asks for the overview."""
    app.inbox.receive(CommandReceived(f"ask-{number}", "console:ops", "li", app.clock.now(), "", "status"))


def upload(app: App, folder: Path, samples: Sequence[Sample], number: int) -> FileReceived:
    """One picture, not the same bytes as any other."""
    path = folder / "data" / "incoming" / f"upload-{number}"
    path.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    with Image.open(samples[number % len(samples)].path) as picture:
        changed = picture.convert("RGB")
        changed.putpixel((0, 0), (number, 0, 0))
        changed.save(out, "PNG")
    path.write_bytes(out.getvalue())
    sent = Upload(path, f"page-{number}.png", path.stat().st_size)
    channel = f"console:team-{number}"
    return FileReceived(f"sent-{number}", channel, "li", app.clock.now(), "", uploads=(sent,), text="")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="odr-bot-reading-") as name:
        made = make_set(Path(name) / "set", "a", 4, PICTURES)
        samples = [sample for sample in made if sample.truth.damage in PLAIN]
        compare(samples)
        memory(made)
        after_a_pause(samples)
        burst(Path(name), samples)


if __name__ == "__main__":
    main()
