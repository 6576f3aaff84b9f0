"""What a browser makes of a form: the successful controls of a page, as it would send them."""

from html.parser import HTMLParser


class Page(HTMLParser):
    """The controls of a page with what is typed in them, its labels, and the ids and descriptions it has."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.sent: list[tuple[str, str]] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.labels: set[str] = set()
        self.buttons: list[tuple[str, str]] = []
        self._select: tuple[str, list[tuple[str, bool]]] | None = None
        self._area: tuple[str, list[str]] | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        match tag:
            case "input" if given.get("type") in ("checkbox", "radio"):
                if "checked" in given:
                    self.sent.append((given["name"], given["value"]))
            case "input" if given.get("type") == "file":
                pass  # nothing is chosen
            case "input":
                value = given.get("value", "")
                if given["type"] == "text":  # a browser keeps no line breaks in one line
                    value = value.replace("\r", "").replace("\n", "")
                self.sent.append((given["name"], value))
            case "textarea":
                self._area = (given["name"], [])
            case "select":
                self._select = (given["name"], [])
            case "option" if self._select is not None:
                self._select[1].append((given["value"], "selected" in given))
            case "label":
                self.labels.add(given["for"])
            case "button":
                self.buttons.append((given.get("name", ""), given.get("value", "")))

    def handle_data(self, data):
        if self._area is not None:
            self._area[1].append(data)

    def handle_endtag(self, tag):
        if tag == "textarea" and self._area is not None:
            name, typed = self._area
            text = "".join(typed).replace("\r\n", "\n").replace("\r", "\n").removeprefix("\n")
            self.sent.append((name, text.replace("\n", "\r\n")))
            self._area = None
        if tag == "select" and self._select is not None:
            name, options = self._select
            chosen = [value for value, selected in options if selected] or [options[0][0]]
            self.sent.append((name, chosen[-1]))
            self._select = None

    def ids(self) -> list[str]:
        return [given["id"] for _, given in self.tags if "id" in given]

    def control(self, name: str) -> dict[str, str]:
        """The attributes of the first control of a name."""
        return next(given for tag, given in self.tags if given.get("name") == name and tag != "button")
