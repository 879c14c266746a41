import { warning } from '@actions/core';
import { harmless } from '@firstchance/report';

/** Tells a sentence at once, as a warning, and keeps it for the summary. */
export function teller(notes: string[]): (sentence: string) => void {
  return (sentence) => {
    const text = harmless(sentence);
    notes.push(text);
    warning(text, { title: 'firstchance' });
  };
}
