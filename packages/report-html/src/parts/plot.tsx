import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { axisLabels, formatValue } from '../logic/format.ts';
import { colour, onThemeChange } from '../logic/theme.ts';

export interface Series {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** Name of a colour of the style sheet. */
  readonly colour: string;
  readonly kind?: 'line' | 'points' | 'dashes' | 'area';
}

export interface PlotProps {
  readonly label: string;
  readonly x: readonly number[];
  readonly xLabel: string;
  readonly series: readonly Series[];
  /** Names the unit: values of channels that end in Bytes are bytes. */
  readonly channel: string;
  readonly formatX?: (value: number) => string;
  /** Stretches of x that are shaded, with their name. */
  readonly shades?: readonly { readonly from: number; readonly to: number; readonly label: string }[];
  /** Indices of two series between which the area is filled: the bound of a slope. */
  readonly band?: readonly [number, number];
  readonly height?: number;
  /** Many plots on one page need no table of values each. */
  readonly legend?: boolean;
}

/** One plot on a canvas; its values are also in the page as a table, which the label names. */
export function Plot(props: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const draw = () => {
      const values = props.series.map((one) => [...one.values]);
      return new uPlot(options(props, element.clientWidth), [[...props.x], ...values], element);
    };
    let plot = draw();
    // At once, not with the next rendering: a printer takes what is there when the event is over.
    const forget = onThemeChange(() => {
      plot.destroy();
      plot = draw();
    });
    const observer = new ResizeObserver(() => {
      const width = element.clientWidth;
      if (width > 0 && width !== plot.width) plot.setSize({ width, height: props.height ?? 180 });
    });
    observer.observe(element);
    return () => {
      forget();
      observer.disconnect();
      plot.destroy();
    };
  }, [props.x, props.series]);
  return <div class="plot" ref={box} role="img" aria-label={props.label} />;
}

function options(props: PlotProps, width: number): uPlot.Options {
  const { series, channel, formatX = String, xLabel, shades = [], height = 180, band, legend = false } = props;
  const axis = {
    stroke: colour('dim'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { stroke: colour('line'), width: 1 },
  };
  const font = '11px system-ui, sans-serif';
  return {
    width: Math.max(width, 120),
    height,
    ...{
      legend: { show: legend },
      cursor: { drag: { x: false, y: false }, points: { size: 6 } },
      scales: { x: { time: false } },
    },
    ...(band ? { bands: [{ series: [band[0] + 1, band[1] + 1], fill: `${colour('accent')}30` }] } : {}),
    axes: [
      {
        ...axis,
        font,
        size: 40,
        label: xLabel,
        labelSize: 14,
        labelFont: font,
        values: (_, ticks) => ticks.map(formatX),
      },
      { ...axis, font, size: 62, values: (_, ticks) => axisLabels(channel, ticks) },
    ],
    series: [
      { label: xLabel, value: (_, value) => (value === null ? '' : formatX(value)) },
      ...series.map(({ label, colour: name, kind = 'line' }) => ({
        label,
        stroke: colour(name),
        width: kind === 'points' ? 0 : kind === 'area' ? 1 : 1.75,
        ...(kind === 'points' ? { paths: () => null } : {}),
        ...(kind === 'dashes' ? { dash: [6, 4] } : {}),
        ...(kind === 'area' ? { fill: colour(name) } : {}),
        points: {
          show: kind === 'points' || (kind === 'line' && props.x.length < 80),
          size: kind === 'points' ? 7 : 5,
          fill: colour(name),
        },
        value: (_: uPlot, value: number | null) => (value === null ? '' : formatValue(channel, value)),
      })),
    ],
    hooks: { drawClear: [(plot) => drawShades(plot, shades)] },
  };
}

/** Phases that are not judged lie in shade. */
function drawShades(plot: uPlot, shades: NonNullable<PlotProps['shades']>): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = `${10 * devicePixelRatio}px system-ui, sans-serif`;
  for (const { from, to, label } of shades) {
    const left = Math.max(bbox.left, plot.valToPos(from, 'x', true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(to, 'x', true));
    if (right <= left) continue;
    ctx.fillStyle = colour('shade');
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
    ctx.fillStyle = colour('dim');
    if (right - left > ctx.measureText(label).width + 6)
      ctx.fillText(label, left + 4, bbox.top + 12 * devicePixelRatio);
  }
  ctx.restore();
}
