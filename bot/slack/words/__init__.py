"""What the bot says: every sentence is a function of this package.

text.py is how words are escaped and cut, times.py how instants and spans are told, labels.py what things are
called, and the rest are sentences: channel.py, notices.py, answers.py, timeline.py.
"""
