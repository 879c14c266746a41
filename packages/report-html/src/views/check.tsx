import { humanBytes } from '@firstchance/model';
import type { PageCheck, PageGrowth, PageRounds } from '@firstchance/report';
import { channelValues } from '../logic/data.ts';
import { channelTitle, formatRate } from '../logic/format.ts';
import { splitSource } from '../logic/names.ts';
import { ChannelPlots, LevelAndDose } from '../parts/channel-plots.tsx';
import { useData } from '../parts/context.ts';
import { Facts } from '../parts/facts.tsx';
import { Interval } from '../parts/interval.tsx';
import { Neighbours } from '../parts/neighbours.tsx';
import { PathPicture } from '../parts/path-picture.tsx';
import { RoundsTable } from '../parts/rounds-table.tsx';
import { Method } from '../parts/stack.tsx';
import { VerdictBadge } from '../parts/verdict.tsx';

export function CheckView({ id }: { id: string }) {
  const { checks } = useData();
  const check = checks.find((one) => one.id === id);
  if (!check) return <h1>There is no growth check {id} in this report</h1>;
  const { rounds, growth, harmless } = check;
  return (
    <article>
      <Neighbours view="check" ids={checks.map((one) => one.id)} id={id} />
      <h1 class="subject">{check.title}</h1>
      <p class="badges">
        <VerdictBadge verdict={check.verdict} /> <span>{check.reason}</span>
      </p>
      <CheckFacts check={check} />
      {growth.length > 0 && (
        <section>
          <h2>What grows</h2>
          {growth.map((one, index) => (
            <GrowthCard key={index} growth={one} rounds={rounds} />
          ))}
        </section>
      )}
      {harmless.length > 0 && (
        <section>
          <h2>Grows, but harmless</h2>
          {harmless.map((one, index) => (
            <GrowthCard key={index} growth={one} rounds={rounds} />
          ))}
        </section>
      )}
      {rounds ? (
        <>
          <ChannelPlots rounds={rounds} growth={[...growth, ...harmless]} />
          <RoundsTable rounds={rounds} />
        </>
      ) : (
        <p class="notice">
          The rounds are in {check.path}: there was no room for them here, or the file could not be read.
        </p>
      )}
    </article>
  );
}

function CheckFacts({ check }: { check: PageCheck }) {
  const [instances, managed, native] = check.minimum;
  const least = [
    ...(typeof instances === 'number' ? [`${instances.toPrecision(2)} instances`] : []),
    ...(typeof managed === 'number' ? [`${humanBytes(managed)} managed`] : []),
    ...(typeof native === 'number' ? [`${humanBytes(native)} native`] : []),
  ];
  return (
    <Facts
      facts={[
        ['operations', `${check.operations.toLocaleString('en-US')} in ${check.rounds?.dose.length ?? '?'} rounds`],
        ['mode', `${check.mode}, seed ${check.seed}`],
        ['would have seen', least.length > 0 ? `${least.join(', ')} per operation` : ''],
        ['evidence', check.path],
      ]}
    />
  );
}

function GrowthCard({ growth, rounds }: { growth: PageGrowth; rounds: PageRounds | null }) {
  const { type, channel, path, owner, why, series } = growth;
  const title = type ?? channelTitle(channel);
  return (
    <div class={why === '' ? 'card growth' : 'card'}>
      <h3>{title}</h3>
      {why !== '' && <p class="notice">{why}</p>}
      <Interval growth={growth} />
      <Facts
        facts={[
          ['channel', channel],
          [
            'bytes',
            growth.bytesPerOperation === null
              ? ''
              : `${formatRate('managedBytes', growth.bytesPerOperation)} per operation`,
          ],
          ['held by', growth.holder],
          ['grows in', growth.container],
          ['pattern', growth.pattern],
          ['what helps', growth.cure],
          ['fingerprint', <code key="fingerprint">{growth.fingerprint.slice(0, 16)}</code>],
        ]}
      />
      {rounds && series && <LevelAndDose {...{ title, channel, rounds, growth }} values={channelValues(series)} />}
      <div class="sides">
        {path.length > 0 && (
          <div>
            <h4>Path from its root</h4>
            <PathPicture label="path from the root to the growing objects" steps={path.map((name) => ({ name }))} />
          </div>
        )}
        {owner.length > 0 && (
          <div>
            <h4>Allocated at</h4>
            <ol class="stack">
              {owner.map(splitSource).map(({ method, source }, index) => (
                <li key={index} class="own">
                  <Method method={method} />
                  {source !== '' && <span class="source"> {source}</span>}
                </li>
              ))}
            </ol>
          </div>
        )}
      </div>
    </div>
  );
}
