"""The demo world: a cast and what it says, as data; raised through the same verbs that every member uses."""
