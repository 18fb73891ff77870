"""Shows the flow as a web page: photo, plane, songs and a form come in; pieces go out."""
