/** Fonts are the system's own: nothing is requested. */
export const pageStyle = `
:root { color: #24292f; background: #f4f6f8; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 1320px; margin: 0 auto; padding: 24px; }
h1 { margin: 0; font-size: 30px; }
h2 { margin: 0; font-size: 18px; }
header p, footer, figcaption p { margin: 2px 0 0; color: #57606a; font-size: 14px; }
code { font-size: 13px; overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 14px; margin: 20px 0; }
.tile, figure, main > section { background: #fff; border: 1px solid #d8dee4; border-radius: 8px; }
.tile { padding: 14px 18px; }
.tile b { display: block; font-size: 26px; font-variant-numeric: tabular-nums; }
.tile span { color: #57606a; }
.good b { color: #1a7f37; }
.bad b { color: #b42318; }
main { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; }
figure, main > section { margin: 0; padding: 16px 18px; }
.wide { grid-column: 1 / -1; }
svg { display: block; width: 100%; height: auto; margin-top: 10px; }
table { width: 100%; margin-top: 10px; border-collapse: collapse; }
th, td { padding: 5px 10px 5px 0; border-bottom: 1px solid #e4e8ec; text-align: left; overflow-wrap: anywhere; }
th { color: #57606a; font-weight: 600; }
footer { margin-top: 18px; }
@media (max-width: 800px) { main { grid-template-columns: 1fr; } }
`;
