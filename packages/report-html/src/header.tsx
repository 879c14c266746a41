import type { PageData } from '@firstchance/report';
import type { Ref } from 'preact';
import { useState } from 'preact/hooks';
import { stepFocus } from './logic/keys.ts';
import { href } from './logic/route.ts';
import { currentTheme, setTheme, type Theme } from './logic/theme.ts';

interface HeaderProps {
  readonly data: PageData;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly search: Ref<HTMLInputElement>;
  readonly onHelp: () => void;
}

export function Header({ data, query, onQuery, search, onHelp }: HeaderProps) {
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      onQuery('');
      (event.target as HTMLElement).blur();
    } else if (event.key === 'ArrowDown') {
      stepFocus(1);
      event.preventDefault();
    } else if (event.key === 'Enter') {
      document.querySelector<HTMLElement>('main [data-entry]')?.click();
    }
  };
  return (
    <header>
      <a class="brand" href={href('overview')}>
        firstchance
      </a>
      <code class="command" title={data.title}>
        {data.title}
      </code>
      <input
        ref={search}
        type="search"
        placeholder="search  /"
        aria-label="search captures, checks, tests, frames and types"
        value={query}
        onInput={(event) => onQuery(event.currentTarget.value)}
        onKeyDown={keys}
      />
      <ThemeChoice />
      <button type="button" class="small" onClick={onHelp} aria-label="keys">
        ?
      </button>
    </header>
  );
}

function ThemeChoice() {
  const [theme, choose] = useState<Theme>(currentTheme());
  return (
    <select
      class="small"
      aria-label="colours"
      value={theme}
      onChange={(event) => {
        const next = event.currentTarget.value as Theme;
        choose(next);
        setTheme(next);
      }}
    >
      <option value="auto">auto</option>
      <option value="light">light</option>
      <option value="dark">dark</option>
    </select>
  );
}
