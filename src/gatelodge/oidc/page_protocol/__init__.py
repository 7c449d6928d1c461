"""The pages as scripts written against B2C use them: a second face of the same steps."""
