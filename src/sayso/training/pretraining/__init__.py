"""How Sayso's own encoder is made, from MiniLM, in five steps; `sayso pretrain` runs them.

`sources` reads the sets whose licence allows it; `vocabulary` cuts the tokenizer down; `distil`
teaches a shallow student to see as MiniLM sees; `multitask` teaches it intents, slots, paraphrases
and masked words of mature domains; `export` writes it as int8 ONNX and checks it against torch.
`steps` puts them in a row. The home of torch: needs the extra `train`.
"""
