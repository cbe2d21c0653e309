"""What online rewriting looks things up in, and what judges it, made from the log.

gather.py   turns and verdicts -> requests that went well, of everyone and of each person
write.py    requests -> the file that serving opens
pairs.py    failed requests and what was said next -> examples
layers.py   trials -> which layers go on serving
fit.py      examples -> the two models, and whether they are better than those that serve
"""
