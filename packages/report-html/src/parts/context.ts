import type { PageData } from '@firstchance/report';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** The session, for parts that look up frames and types by index. */
export const Data = createContext<PageData | undefined>(undefined);

export function useData(): PageData {
  const data = useContext(Data);
  if (!data) throw new Error('a part of the report stands outside of its data');
  return data;
}
