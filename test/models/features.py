"""Features as training computes them: reads recipes (a line of JSON) and clips (a length and int16 samples each) from stdin,
writes each clip's features to stdout: a length and int8 bytes, of both recipes in turn. Called by features.test.ts."""

import json
import struct
import sys

import numpy as np

from cricket_train import native

stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
recipes = json.loads(stdin.readline())
while header := stdin.read(4):
    (count,) = struct.unpack("<I", header)
    clip = np.frombuffer(stdin.read(2 * count), "<i2")
    for features in (native.logmel(clip, recipes["logmel"]), native.spectrum(clip, recipes["spectrum"])[0]):
        stdout.write(struct.pack("<I", features.size) + features.tobytes())
