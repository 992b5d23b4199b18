/** How the page looks. The colors keep a contrast of 4.5 to 1 in both schemes. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #fff; --text: #1f2328; --quiet: #57606a; --line: #d0d7de; --code: #f6f8fa; --link: #0550ae;
  --error: #b3151f; --warning: #7a4d00; --note: #0550ae; --unknown: #6639ba; --suppressed: #57606a;
  --mark: #ffe08a; --on-mark: #1f2328;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --text: #e6edf3; --quiet: #9ea7b3; --line: #3d444d; --code: #161b22; --link: #79c0ff;
    --error: #ff8a80; --warning: #e3b341; --note: #79c0ff; --unknown: #d2a8ff; --suppressed: #9ea7b3;
    --mark: #6b5300; --on-mark: #fff;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1rem; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; }
h3 span, .place, footer { color: var(--quiet); font-weight: normal; }
a { color: var(--link); }
p { margin: .4rem 0; }
.tiles { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; margin: 0; padding: 0; }
.tiles li { border: 1px solid var(--line); border-radius: 6px; padding: .25rem .75rem; }
.tiles li.none { color: var(--quiet); }
.finding { border: 1px solid var(--line); border-left: .3rem solid var(--kind); border-radius: 4px;
  margin: .5rem 0; padding: .5rem .75rem; }
.tiles li:not(.none), .tag { color: var(--kind); font-weight: bold; }
.error { --kind: var(--error); } .warning { --kind: var(--warning); } .note { --kind: var(--note); }
.unknown { --kind: var(--unknown); } .suppressed { --kind: var(--suppressed); }
.reason { font-style: italic; }
pre, code { font: 14px/1.45 ui-monospace, monospace; background: var(--code); }
pre { border: 1px solid var(--line); border-radius: 4px; margin: .5rem 0; overflow-x: auto; padding: .5rem;
  overflow-wrap: normal; }
.number { color: var(--quiet); display: inline-block; min-width: 2.5rem; padding-right: .75rem; text-align: right;
  user-select: none; }
mark { background: var(--mark); color: var(--on-mark); }
summary { cursor: pointer; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; overflow-wrap: normal; }
th, td { border-bottom: 1px solid var(--line); padding: .2rem .6rem .2rem 0; text-align: left; vertical-align: top; }
tbody th { font-weight: normal; font-family: ui-monospace, monospace; font-size: 14px; }
footer { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: .5rem; }
@media print { details::details-content { content-visibility: visible; } }
`;
