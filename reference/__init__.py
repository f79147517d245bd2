"""Reference pages and tables of the documents, generated from the code: `make reference`."""
