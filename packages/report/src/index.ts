export { type Annotation, annotations, verdictRule } from './annotations/annotations.ts';
export { renderSarif } from './annotations/sarif.ts';
export { workflowCommands } from './annotations/workflow-commands.ts';
export { checkLines } from './growth/check-lines.ts';
export { failsBuild } from './growth/fails-build.ts';
export { headline } from './growth/headline.ts';
export { ledgerLines } from './growth/ledger-lines.ts';
export { type GrowthProgress, growthProgressLine } from './growth/progress-line.ts';
export { showHeapDiff } from './heap/diff.ts';
export { showHeap } from './heap/heap.ts';
export { showHeapPath } from './heap/path.ts';
export { pathLine, pathStairs } from './heap/path-lines.ts';
export { embed } from './html/embed.ts';
export { makePageData } from './html/make-page-data.ts';
export type * from './html/page-data.ts';
export { DATA_MARK, renderHtml } from './html/render-html.ts';
export { renderJson } from './json/render-json.ts';
export { Junit, type JunitPart } from './junit/junit.ts';
export type { Spool } from './junit/spool.ts';
export { renderMarkdown, SUMMARY_BYTES } from './markdown/summary-markdown.ts';
export { type JoinedPart, joinPart, type PartSource } from './read-model/join-part.ts';
export { makeReadModel, type SessionSource } from './read-model/make-read-model.ts';
export * from './read-model/read-model.ts';
export { LIMITS, type Limits, NO_LIMITS, ReadModelBuilder } from './read-model/read-model-builder.ts';
export { captureLine } from './terminal/capture-line.ts';
export { type CensusDocument, showCensus } from './terminal/census.ts';
export { exceptionLine, progressLine, stackLines } from './terminal/live.ts';
export {
  exceptionLines,
  frameLines,
  type ShowOptions,
  showCapture,
  showDump,
  typeLines,
} from './terminal/show.ts';
export { plainStyle, type Style, styleFor } from './terminal/style.ts';
export { problemLines, type RunSummary, skippedLines, summary } from './terminal/summary.ts';
export { type Column, table } from './terminal/table.ts';
export { count } from './text/count.ts';
export { fitEnd, fitStart, pad, width } from './text/fit.ts';
export { harmless } from './text/harmless.ts';
export { ownFrame } from './text/own-code.ts';
export { shellWord } from './text/shell-word.ts';
export { captureTitle } from './text/titles.ts';
