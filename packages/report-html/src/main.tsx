import { render } from 'preact';
import { App } from './app.tsx';
import { readData } from './logic/data.ts';
import { startTheme } from './logic/theme.ts';
import 'uplot/dist/uPlot.min.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/print.css';

const root = document.getElementById('app');
if (root) {
  startTheme();
  const data = readData();
  if (data) document.title = `${data.outcome.verdict?.replaceAll('_', ' ') ?? 'report'} · ${data.title} · firstchance`;
  render(
    data ? (
      <App data={data} />
    ) : (
      <p class="empty">This page holds no session: firstchance report makes one that does.</p>
    ),
    root,
  );
}
