"""The assistant: mentioned in a post or a reply, it reads the thread it may see and answers there, labelled as AI."""
