import { beforeAll, describe, expect, test } from 'vitest';
import type { EnrollAnswer, ExchangeOptions } from '../../electron/est/exchange.ts';
import { openExchange } from '../../electron/est/open-exchange.ts';
import { retryAfter } from '../../electron/station/retry-policy.ts';
import type { EnrollmentState } from '../../shared/enrollment.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { EstFixture, host, maker } from '../est-fixture.ts';
import { closedPort, serveTcp } from '../loopback.ts';
import { answer, type Reply, scripted } from '../scripted-server.ts';
import { endOf, observe } from './observe.ts';

let fixture: EstFixture;
beforeAll(async () => {
  fixture = await EstFixture.make();
});

const rules = { intervalSeconds: 60, resubmitUnknownOutcome: false };

/** How an enrollment went: the answer's kind, or the code of its error; and when another attempt may follow. */
interface Outcome {
  readonly verdict: string;
  readonly again: number | null;
}

async function outcomeOf(attempt: Promise<EnrollAnswer>): Promise<Outcome> {
  try {
    const result = await attempt;
    if (result.kind === 'issued') return { verdict: 'issued', again: null };
    const { retryAfterSeconds } = result;
    const state: EnrollmentState = 'pending';
    return {
      verdict: 'pending',
      again: retryAfter({ state, code: null, retryAfterSeconds }, rules),
    };
  } catch (error) {
    const { code, params } = StationError.from(error);
    const retryAfterSeconds = typeof params.seconds === 'number' ? params.seconds : null;
    const state: EnrollmentState = code.startsWith('SERVER') ? 'refused' : 'failed';
    return { verdict: code, again: retryAfter({ state, code, retryAfterSeconds }, rules) };
  }
}

async function enrollAt(
  script: readonly Reply[],
  change: Partial<ExchangeOptions> = {},
): Promise<Outcome> {
  await using talk = await fixture.talk(script, change);
  return await outcomeOf(talk.exchange.enroll('simpleenroll', null, maker()));
}

const verdictOf = ({ verdict }: Outcome) =>
  verdict === 'issued' || verdict === 'pending' ? 'accept' : `refuse ${verdict}`;

const to = (location: string) => answer(307, { Location: location });
const refused: Outcome = { verdict: 'SERVER-14', again: null };

describe('row 5, redirects', () => {
  test.each<[string, readonly string[], Partial<ExchangeOptions>, Outcome]>([
    ['same origin', ['/est/moved'], {}, { verdict: 'issued', again: null }],
    ['another origin', ['https://127.0.0.1:1/est'], { otherOrigins: 'questions' }, refused],
    ['a loop', ['/a', '/b', '/c', '/d', '/e'], {}, refused],
    ['to http', ['http://127.0.0.1/est'], { otherOrigins: 'requests' }, refused],
  ])('%s', async (what, locations, change, expected) => {
    await using talk = await fixture.talk([...locations.map(to), fixture.certificates], change);
    const outcome = await outcomeOf(talk.exchange.enroll('simpleenroll', null, maker()));
    expect(outcome).toEqual(expected);
    observe('redirect', `a request, ${what}`, verdictOf(outcome));
  });

  test.each<[string, Partial<ExchangeOptions>]>([
    ['another origin, not allowed', { otherOrigins: 'never' }],
    ['another origin, allowed', { otherOrigins: 'questions' }],
  ])('a question, %s', async (what, change) => {
    await using other = await scripted(fixture.identity, [fixture.certificates]);
    const away = answer(302, { Location: `https://${host}:${other.port}/est` });
    await using talk = await fixture.talk([away], change);
    observe('redirect', `a question, ${what}`, await endOf(talk.exchange.cacerts()));
  });

  test('a request, another origin, by a person’s word', async () => {
    await using other = await scripted(fixture.identity, [fixture.certificates]);
    const away = to(`https://${host}:${other.port}/est`);
    await using talk = await fixture.talk([away], { otherOrigins: 'requests' });
    const attempt = talk.exchange.enroll('simpleenroll', null, maker());
    observe('redirect', 'a request, another origin, by a person’s word', await endOf(attempt));
  });
});

describe('row 15, 202', () => {
  const inAnHour = new Date(Math.floor(Date.now() / 1000) * 1000 + 3_600_000);
  const [day = '', date = '', month = '', year = '', time = ''] = inAnHour
    .toUTCString()
    .split(/,? /);
  const long: Record<string, string> = {
    Sun: 'Sunday',
    Mon: 'Monday',
    Tue: 'Tuesday',
    Wed: 'Wednesday',
    Thu: 'Thursday',
    Fri: 'Friday',
    Sat: 'Saturday',
  };
  const put = (value: string | null, body = '') =>
    answer(202, value === null ? {} : { 'Retry-After': value }, body);

  test.each<[string, Reply, number]>([
    ['seconds', put('7'), 7],
    ['with a text body', put('7', 'Waiting for approval'), 7],
    ['in the past', put('Sun, 06 Nov 1994 08:49:37 GMT'), 60],
    ['zero', put('0'), 60],
    ['absurd', put('99999999999999999999'), 7 * 24 * 3600],
    ['unreadable', put('soon'), 60],
    ['missing', put(null), 60],
  ])('%s', async (what, reply, again) => {
    const outcome = await enrollAt([reply]);
    expect(outcome).toEqual({ verdict: 'pending', again });
    observe('pending', what, verdictOf(outcome));
  });

  test.each([
    ['IMF-fixdate', `${day}, ${date} ${month} ${year} ${time} GMT`],
    ['RFC 850', `${long[day]}, ${date}-${month}-${year.slice(2)} ${time} GMT`],
    ['asctime', `${day} ${month} ${date.replace(/^0/, ' ')} ${time} ${year}`],
  ])('an HTTP date as %s', async (form, value) => {
    const outcome = await enrollAt([put(value)]);
    const { verdict, again } = outcome;
    expect(verdict).toBe('pending');
    observe('pending', `an HTTP date as ${form}`, verdictOf(outcome));
    expect(again).toBeGreaterThan(3400);
    expect(again).toBeLessThanOrEqual(3601);
  });
});

describe('row 16, statuses', () => {
  const wait = { 'Retry-After': '120' };

  test.each<[string, Reply, Partial<ExchangeOptions>, Outcome]>([
    ['400 unknown label', answer(400), { label: 'line9' }, { verdict: 'SERVER-01', again: null }],
    ['400', answer(400), {}, { verdict: 'SERVER-06', again: null }],
    ['404 unknown operation', answer(404), {}, { verdict: 'SERVER-02', again: null }],
    ['401', answer(401), {}, { verdict: 'SERVER-04', again: null }],
    ['403', answer(403), {}, { verdict: 'SERVER-05', again: null }],
    ['409', answer(409), {}, { verdict: 'SERVER-06', again: null }],
    ['415', answer(415), {}, { verdict: 'SERVER-06', again: null }],
    ['429 with Retry-After', answer(429, wait), {}, { verdict: 'SERVER-08', again: 120 }],
    ['500', answer(500), {}, { verdict: 'SERVER-07', again: 60 }],
    ['503 with Retry-After', answer(503, wait), {}, { verdict: 'SERVER-08', again: 120 }],
    ['503 without', answer(503), {}, { verdict: 'SERVER-07', again: 60 }],
  ])('%s', async (what, reply, change, expected) => {
    const outcome = await enrollAt([reply], change);
    expect(outcome).toEqual(expected);
    observe('status', what, verdictOf(outcome));
  });
});

describe('row 17, failures on the way', () => {
  const attempt = (change: Partial<ExchangeOptions>, port: number) =>
    outcomeOf(
      openExchange(fixture.options(port, change)).then((exchange) =>
        exchange.enroll('simpleenroll', null, maker()),
      ),
    );

  test('connection refused', async () => {
    const outcome = await attempt({}, await closedPort());
    expect(outcome).toEqual({ verdict: 'NET-01', again: 60 });
    observe('network', 'connection refused', verdictOf(outcome));
  });

  test('reset', async () => {
    await using server = await serveTcp((socket) => socket.resetAndDestroy());
    const outcome = await attempt({}, server.port);
    expect(outcome).toEqual({ verdict: 'NET-04', again: 60 });
    observe('network', 'reset', verdictOf(outcome));
  });

  test('DNS failure', async () => {
    const outcome = await attempt({ host: 'est.invalid' }, 443);
    expect(outcome).toEqual({ verdict: 'NET-02', again: 60 });
    observe('network', 'DNS failure', verdictOf(outcome));
  });

  test('time-out', async () => {
    await using server = await serveTcp(() => undefined);
    const { limits } = fixture.options(1);
    const outcome = await attempt({ limits: { ...limits, tlsMs: 300 } }, server.port);
    expect(outcome).toEqual({ verdict: 'TLS-04', again: 60 });
    observe('network', 'time-out', verdictOf(outcome));
  });
});
