"""Text -> tokens -> vectors. The home of onnxruntime, which only `Encoder.load` imports."""

from sayso.encoders.encoder import Encoder
from sayso.encoders.one_by_one import Encoded
from sayso.encoders.tongues import Encoders

__all__ = ["Encoded", "Encoder", "Encoders"]
