"""Where members make things with a model's help: pictures drawn from words, marked inside the file."""
