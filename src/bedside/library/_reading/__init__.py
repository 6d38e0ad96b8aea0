"""What the readers of source files share: choosing one, structure of texts, tables, tagged records, XML, passages."""
