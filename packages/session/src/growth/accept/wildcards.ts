/** True when the whole text matches; * stands for any run of characters, ? for one. Linear in the text for each star. */
export function matchesWildcards(text: string, pattern: string): boolean {
  // Not a regular expression: patterns with many stars would take exponential time on long names.
  let [at, from] = [0, 0];
  let [star, resume] = [-1, 0];
  while (at < text.length) {
    const wanted = pattern[from];
    if (wanted === '*') {
      star = from;
      resume = at;
      from += 1;
    } else if (wanted === '?' || wanted === text[at]) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      from = star + 1;
    } else return false;
  }
  while (pattern[from] === '*') from += 1;
  return from === pattern.length;
}
