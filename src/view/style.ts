const dark =
  '--ink:#e6edf3;--soft:#9da7b1;--paper:#14181d;--card:#1c2128;--line:#3d444d;--accent:#6cb6ff;--good:#57c972;--amber:#f2c14e;--amber-paper:#33290f;--danger:#ff8a80;--first:#6cb6ff;--second:#f0995b;--third:#57c972;--fourth:#c297ff;--fifth:#9da7b1'

/** There for who does not see. */
const unseen =
  'position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap'

/** The one style sheet of the local pages and of the views in a host. Nothing in it comes from elsewhere. */
export const css = `:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--card:#f6f8fa;--line:#d0d7de;--accent:#0969da;--good:#1a7f37;--amber:#7d4e00;--amber-paper:#fff1cc;--danger:#b3261e;--first:#0969da;--second:#bc4c00;--third:#1a7f37;--fourth:#8250df;--fifth:#57606a}
*{box-sizing:border-box}
body{font:1rem/1.6 system-ui,sans-serif;margin:0;color:var(--ink);background:var(--paper);overflow-wrap:anywhere}
main,header.top,.notice{max-width:60rem;margin:0 auto;padding:1rem 1.25rem}
main.letter{max-width:34rem;padding-top:15vh;font-size:1.125rem}
main.letter p{white-space:pre-line}
header.top{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:baseline;border-bottom:1px solid var(--line)}
header.top strong{font-size:1.1rem}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;margin:0;padding:0}
a{color:var(--accent)}
nav a[aria-current=page]{color:inherit;font-weight:600;text-decoration:none;border-bottom:3px solid var(--accent)}
h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0}
h2{font-size:1.15rem;line-height:1.3;margin:0}
section>h2{margin:2rem 0 .5rem}
.lead{font-size:1.15rem;margin:.25rem 0 1rem}
.ages,.soft{color:var(--soft);font-size:.9rem;font-weight:400}
.cards>li{min-width:0}
.cards{list-style:none;margin:1rem 0;padding:0;display:grid;gap:1rem}
article{border:1px solid var(--line);border-radius:.6rem;padding:1rem;background:var(--card)}
article header{display:flex;flex-wrap:wrap;gap:.5rem .75rem;align-items:center;margin-bottom:.5rem}
.badge{white-space:nowrap;font-size:.85rem;font-weight:600;line-height:1.4;padding:.1rem .6rem;border-radius:1rem;border:1px solid currentColor}
.badge.good{color:var(--good)}.badge.waiting{color:var(--soft)}.badge.over{color:var(--danger)}
.badge.amber{color:var(--amber);background:var(--amber-paper)}
.buttons{display:flex;flex-wrap:wrap;gap:.6rem;margin:.6rem 0}
button,a.button{font:inherit;display:inline-block;padding:.5rem 1rem;border:1px solid currentColor;border-radius:.4rem;color:inherit;background:none;cursor:pointer;text-decoration:none}
button.primary,a.button{color:var(--paper);background:var(--accent);border-color:var(--accent)}
button.danger{color:var(--danger)}
.letter button,.letter a.button{display:block;width:100%;text-align:center;margin:.75rem 0;padding:.7rem 1rem}
.letter button.danger{font-size:inherit;color:var(--paper);background:var(--danger);border-color:var(--danger)}
button:focus-visible,a:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
button.danger{padding:.25rem .75rem;font-size:.9rem}.end{justify-content:flex-end;margin-bottom:0}
button[disabled]{opacity:.6;cursor:progress}
.notice,.notes,.step{border-left:4px solid var(--amber);padding:.5rem 1rem;background:var(--amber-paper);color:var(--amber)}
.notice{margin-top:1rem}.step{margin:.5rem 0}
.notes ul{margin:0;padding-left:1.1rem}
.wide{overflow-x:auto;margin:.25rem 0 1rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;overflow-wrap:normal}
td time{white-space:nowrap}
caption{text-align:left;color:var(--soft);font-size:.9rem;padding:.25rem 0}
th,td{text-align:left;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line);font-weight:400;vertical-align:top}
thead th{font-weight:600}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.75rem;margin:.5rem 0}
.figures div{border:1px solid var(--line);border-radius:.6rem;padding:.5rem .75rem;background:var(--card)}
dt{color:var(--soft);font-size:.85rem}dd{margin:0;font-size:1.1rem;font-weight:600;font-variant-numeric:tabular-nums;overflow-wrap:normal}
.chart{margin:1rem 0}figcaption{font-weight:600}figcaption ul{display:inline-flex;gap:1rem;list-style:none;margin:0 0 0 1rem;padding:0;font-weight:400}
figcaption li::before{content:"";display:inline-block;width:.8rem;height:.8rem;margin-right:.4rem;border-radius:.15rem}
.k0::before{background:var(--first)}.k1::before{background:var(--second)}
.chart svg{display:block;overflow:visible;width:100%;height:11rem;border-block:1px solid var(--line)}
.edge,.along{color:var(--soft);font-size:.8rem;font-variant-numeric:tabular-nums}
.along{display:flex;justify-content:space-between}.along span{flex:1;text-align:center}.along.ends span:first-child{text-align:left}.along.ends span:last-child{text-align:right}
.c0{fill:var(--first)}.c1{fill:var(--second)}.rest{fill:var(--line)}
.line,.dot,.hole,.zero{fill:none;stroke:var(--first);stroke-width:2.5px;stroke-linejoin:round;stroke-linecap:round;vector-effect:non-scaling-stroke}
.dot{stroke-width:9px}.hole{stroke:var(--paper);stroke-width:4px}.zero{stroke:var(--soft);stroke-width:1px;stroke-dasharray:3 4}
.share{width:100%;min-width:5rem;height:.7rem}
summary{cursor:pointer;color:var(--accent);font-size:.9rem}
.number{text-align:right;white-space:nowrap;padding-right:0;padding-left:.75rem}
.number+.text{padding-left:.75rem}
.unseen{${unseen}}
.skip:not(:focus){position:absolute;left:-99rem}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${dark}}}
:root[data-theme=dark]{color-scheme:dark;${dark}}
:root[data-theme=light]{color-scheme:light}
.framed main{padding:.5rem}.framed .notice{margin:0 0 .75rem}.notice .step{border:0;padding:0}
@media (max-width:40rem){.stack,.stack caption,.stack tbody,.stack th{display:block}
.stack{overflow-wrap:anywhere}
.stack thead{${unseen}}
.stack tr{display:block;max-width:26rem;padding:.5rem 0;border-bottom:1px solid var(--line)}
.stack .text,.stack .number{padding:.1rem 0;border:0}
.stack th{font-weight:600}
.stack td{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:0 1rem}
.stack td:empty{display:none}
.stack td::before{content:attr(data-title);content:attr(data-title)/"";color:var(--soft)}
.stack .share{flex:1}}
@media print{header.top,.buttons{display:none}}`
