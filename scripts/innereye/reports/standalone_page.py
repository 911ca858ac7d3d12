"""What surrounds the contents of a page that stands alone: its head, its style, nothing from a network."""

from html import escape

STYLE = """
body { font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", Arial, sans-serif; color: #202124;
  max-width: 62rem; margin: 2rem auto; padding: 0 1.2rem; }
h1 { font-size: 1.7rem; margin: 0 0 0.8rem; }
h2 { font-size: 1.35rem; margin: 2.6rem 0 0.6rem; border-bottom: 2px solid #2b6ca3; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 0.4rem; }
h4 { font-size: 0.95rem; margin: 1.2rem 0 0.3rem; color: #5f6368; }
table { border-collapse: collapse; margin: 0.4rem 0 0.8rem; font-size: 0.86rem;
  font-variant-numeric: tabular-nums; }
th, td { padding: 0.2rem 0.65rem; text-align: right; white-space: nowrap; }
th.word, td.word { text-align: left; }
thead th { border-bottom: 2px solid #5f6368; }
tbody tr:nth-child(even) { background: #f4f6f8; }
tbody tr.marked { background: #fde7e5; }
table.facts th, table.facts td { text-align: left; white-space: normal; vertical-align: top; }
table.facts td { overflow-wrap: anywhere; }
table.facts th { font-weight: 600; }
.output_html { overflow-x: auto; }
p { margin: 0.4rem 0; max-width: 52rem; }
summary { cursor: pointer; color: #2b6ca3; margin: 0.3rem 0; }
img { height: auto; }
@media print { body { max-width: none; margin: 0; } h2 { break-before: page; } }
"""

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


def standalone_page(title: str, body: str) -> str:
    """Return a whole page of HTML; the title is plain text, the body HTML."""
    return PAGE.format(title=escape(title), style=STYLE, body=body)
