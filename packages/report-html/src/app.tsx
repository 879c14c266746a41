import type { PageData } from '@firstchance/report';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Header } from './header.tsx';
import { Help } from './help.tsx';
import { useKeys } from './logic/keys.ts';
import { parseRoute, type Route, useRoute } from './logic/route.ts';
import { SearchIndex } from './logic/search.ts';
import { Navigation } from './navigation.tsx';
import { Data } from './parts/context.ts';
import { CaptureView } from './views/capture.tsx';
import { CapturesView } from './views/captures.tsx';
import { CheckView } from './views/check.tsx';
import { ChecksView } from './views/checks.tsx';
import { LedgerView } from './views/ledger.tsx';
import { MemoryView } from './views/memory.tsx';
import { OverviewView } from './views/overview.tsx';
import { RunView } from './views/run.tsx';
import { SearchView } from './views/search.tsx';
import { TestsView } from './views/tests.tsx';

export function App({ data }: { data: PageData }) {
  const route = useRoute();
  const [query, setQuery] = useState('');
  const [help, setHelp] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const main = useRef<HTMLElement>(null);
  const index = useMemo(() => new SearchIndex(data), [data]);
  useKeys({ data, route, focusSearch: () => search.current?.focus(), showHelp: () => setHelp(true) });
  useFocusOnChange(main, route, () => setQuery(''));
  return (
    <Data.Provider value={data}>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        to the content
      </button>
      <Header data={data} query={query} onQuery={setQuery} search={search} onHelp={() => setHelp(true)} />
      <div class="columns">
        <Navigation data={data} view={query === '' ? route.view : undefined} />
        <main id="main" ref={main} tabIndex={-1}>
          {query.trim() === '' ? <View route={route} /> : <SearchView index={index} query={query} />}
        </main>
      </div>
      {help && <Help onClose={() => setHelp(false)} />}
    </Data.Provider>
  );
}

function View({ route }: { route: Route }) {
  switch (route.view) {
    case 'captures':
      return <CapturesView />;
    case 'capture':
      return <CaptureView key={route.id} id={route.id} />;
    case 'checks':
      return <ChecksView />;
    case 'check':
      return <CheckView key={route.id} id={route.id} />;
    case 'tests':
      return <TestsView />;
    case 'ledger':
      return <LedgerView />;
    case 'memory':
      return <MemoryView />;
    case 'run':
      return <RunView />;
    default:
      return <OverviewView />;
  }
}

/** A new view begins at its top, and a screen reader at its heading. */
function useFocusOnChange(main: { current: HTMLElement | null }, { view, id }: Route, onChange: () => void): void {
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    onChange();
    scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [view, id]);
  useEffect(() => {
    // A link to the view one is in changes no hash: what was searched for still goes away.
    const click = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a[href^="#/"]') : null;
      const target = link ? parseRoute(link.getAttribute('href') ?? '') : undefined;
      if (target && target.view === view && target.id === id) onChange();
    };
    addEventListener('click', click);
    return () => removeEventListener('click', click);
  }, [view, id]);
}
