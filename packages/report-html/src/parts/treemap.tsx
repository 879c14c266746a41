import { humanBytes } from '@firstchance/model';
import type { PageDominator, PageType } from '@firstchance/report';
import { type HierarchyRectangularNode, hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';
import { useMemo, useState } from 'preact/hooks';
import { percent, shortType } from '../logic/names.ts';
import { useData } from './context.ts';
import { PathPicture } from './path-picture.tsx';

interface Datum {
  readonly name: string;
  readonly own: boolean;
  readonly retained: number;
  readonly children: readonly Datum[];
}
type Cell = HierarchyRectangularNode<Datum>;

const WIDTH = 1000;
const HEIGHT = 440;
const SHOWN_DEPTH = 3;
/** Smaller ones (in square units of the picture) hold no text and cannot be hit. */
const LEAST_AREA = 350;
/** Narrower ones would break a name into single letters. */
const LEAST_TEXT_WIDTH = 60;

/** Retained sizes: an area is what would be free if the objects of that type were. Click or Enter goes into one. */
export function Treemap({ dominators }: { dominators: readonly PageDominator[] }) {
  const { types } = useData();
  const tree = useMemo(() => build(dominators, types), [dominators, types]);
  const [trail, setTrail] = useState<readonly number[]>([]);
  const [picked, setPicked] = useState<readonly string[] | undefined>();
  let root = tree;
  const names: Datum[] = [];
  for (const index of trail) {
    const next: Datum | undefined = root.children[index];
    if (!next) break;
    root = next;
    names.push(next);
  }
  const cells = useMemo(() => layout(root), [root]);
  const pick = (cell: Cell) => {
    const below = cell.ancestors().reverse();
    setPicked([...names.map(({ name }) => name), ...below.slice(1).map(({ data }) => data.name)]);
    const top = below[1]?.data;
    const index = top ? root.children.indexOf(top) : -1;
    if (top && top.children.length > 0 && index >= 0) setTrail([...trail, index]);
  };
  const retained = new Map<string, number>();
  return (
    <div class="treemap">
      <p class="dim no-print">
        An area is what would be free without the objects of that type. Click, or Enter, shows what keeps it and goes
        in.
      </p>
      <nav class="crumbs" aria-label="place in the treemap">
        <button type="button" class="link" onClick={() => setTrail([])}>
          all {humanBytes(tree.retained)}
        </button>
        {names.map(({ name, retained: bytes }, depth) => (
          <span key={depth}>
            {' › '}
            <button type="button" class="link" onClick={() => setTrail(trail.slice(0, depth + 1))}>
              {shortType(name)} {humanBytes(bytes)}
            </button>
          </span>
        ))}
      </nav>
      <div class="cells" style={{ aspectRatio: `${WIDTH} / ${HEIGHT}` }}>
        {cells.map((cell, index) => {
          const { data, depth, x0, x1, y0, y1 } = cell;
          const text = `${shortType(data.name)}, ${humanBytes(data.retained)}, ${percent(data.retained, tree.retained)} of all`;
          retained.set(data.name, data.retained);
          return (
            <button
              type="button"
              key={index}
              class={`cell depth${depth} tone${tone(cell)} ${data.own ? 'own' : ''} ${cell.children ? 'parent' : ''}`}
              style={{
                left: `${(x0 / WIDTH) * 100}%`,
                top: `${(y0 / HEIGHT) * 100}%`,
                width: `${((x1 - x0) / WIDTH) * 100}%`,
                height: `${((y1 - y0) / HEIGHT) * 100}%`,
              }}
              title={`${data.name}\n${text}`}
              aria-label={text}
              onClick={() => pick(cell)}
            >
              {x1 - x0 > LEAST_TEXT_WIDTH && (x1 - x0) * (y1 - y0) > 2500 && (
                <span>
                  {shortType(data.name)} <em>{humanBytes(data.retained)}</em>
                </span>
              )}
            </button>
          );
        })}
      </div>
      {picked && picked.length > 0 && (
        <div class="picked">
          <h4>What keeps it</h4>
          <PathPicture
            label="what keeps it"
            steps={picked.map((name) => ({ name, note: sizeNote(retained.get(name)) }))}
          />
        </div>
      )}
      <details>
        <summary>as a list</summary>
        <Outline nodes={tree.children} whole={tree.retained} depth={0} />
      </details>
    </div>
  );
}

function sizeNote(bytes: number | undefined): string {
  return bytes === undefined ? '' : `keeps ${humanBytes(bytes)}`;
}

function Outline({ nodes, whole, depth }: { nodes: readonly Datum[]; whole: number; depth: number }) {
  return (
    <ul class="outline">
      {nodes.slice(0, 12).map((node, index) => (
        <li key={index}>
          <span class={node.own ? 'own' : ''}>{node.name}</span>{' '}
          <span class="dim">
            {humanBytes(node.retained)}, {percent(node.retained, whole)}
          </span>
          {depth < 4 && node.children.length > 0 && <Outline nodes={node.children} whole={whole} depth={depth + 1} />}
        </li>
      ))}
    </ul>
  );
}

function build(dominators: readonly PageDominator[], types: readonly PageType[]): Datum {
  const convert = ([type, retained, children]: PageDominator): Datum => ({
    name: types[type]?.[0] ?? '?',
    own: types[type]?.[2] === 1,
    retained,
    children: children.map(convert),
  });
  const children = dominators.map(convert);
  return { name: '', own: false, retained: children.reduce((sum, child) => sum + child.retained, 0), children };
}

/** d3 adds up from the leaves: what a node keeps beyond its children is its own share. */
function layout(root: Datum): Cell[] {
  const cut = hierarchy(root, (node) => [...node.children]);
  const sized = cut
    .sum((node) => Math.max(0, node.retained - node.children.reduce((sum, child) => sum + child.retained, 0)))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const drawn = treemap<Datum>()
    .tile(treemapSquarify)
    .size([WIDTH, HEIGHT])
    .paddingInner(2)
    .paddingTop((node) => (node.depth === 0 ? 0 : 20))
    .round(false)(sized);
  return drawn
    .descendants()
    .filter(({ depth, x0, x1, y0, y1 }) => depth > 0 && depth <= SHOWN_DEPTH && (x1 - x0) * (y1 - y0) >= LEAST_AREA);
}

/** One colour per branch. */
function tone(cell: Cell): number {
  const branch = cell.ancestors().at(-2);
  return branch?.parent?.children ? branch.parent.children.indexOf(branch) % 6 : 0;
}
