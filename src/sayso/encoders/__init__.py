"""Text -> tokens -> vectors. The home of onnxruntime, which only `Encoder.load` imports."""

from sayso.encoders.encoder import Encoded, Encoder
from sayso.encoders.tongues import Encoders

__all__ = ["Encoded", "Encoder", "Encoders"]
