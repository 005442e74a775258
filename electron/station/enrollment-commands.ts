import type { CommandOutput } from '../../shared/contract/commands.ts';
import type { StationHandlers } from '../../shared/contract/handlers.ts';
import { AutomaticResumption } from './automatic-resumption.ts';
import { certificatesOfFile } from './certificate-file.ts';
import { dueAt } from './earlier-request.ts';
import { demandSettings, settingsOf } from './enrollment-settings.ts';
import { boundedLine, firstEnrollment, noAnswers, planFor } from './planned-request.ts';
import type { Station } from './station.ts';

/** The commands about enrollments, new ones and open ones. */
export function enrollmentCommands(
  station: Station,
): Pick<StationHandlers, Extract<keyof StationHandlers, `enrollment.${string}`>> {
  const { ports } = station;
  const { store } = ports;
  const automatic = automaticResumption(station);
  const open = async (enrollmentId: string) =>
    await demandSettings(store, await station.ended(enrollmentId));
  return {
    'enrollment.wishes': async ({ profile, followServer, fill }) => {
      const attributes = await station.csrAttributes(profile);
      const { asksForPop, key, signatureAlgorithm, oids, template } = attributes;
      const answers = { ...noAnswers, followServer, fill };
      const plan = planFor(profile, attributes, answers, firstEnrollment);
      return {
        asksForPop,
        key: key === null ? null : `${key.algorithm} ${key.parameter}`,
        signatureAlgorithm,
        oids: oids.slice(0, 256),
        template,
        plan: plan.lines.slice(0, 256).map(boundedLine),
        missing: plan.missing.slice(0, 64).map((name) => name.slice(0, 128)),
        warnings: attributes.warnings.slice(0, 16),
      };
    },
    'enrollment.start': async ({ followServer, fill, ...order }) => ({
      enrollmentId: await station.start({ ...order, answers: { followServer, fill } }),
    }),
    'enrollment.cancel': async ({ enrollmentId }) => {
      station.cancel(enrollmentId);
      return {};
    },
    'enrollment.get': async ({ enrollmentId }) => await store.enrollments.get(enrollmentId),
    'enrollment.list': async ({ limit }) => await listed(station, automatic, limit),
    'enrollment.resume': async ({ enrollmentId, unverifiedNameConfirmed }) => {
      const profile = await open(enrollmentId);
      automatic.stop(enrollmentId);
      const order = { profile, unverifiedNameConfirmed };
      return { enrollmentId: await station.resume(order, enrollmentId) };
    },
    'enrollment.unknown': async ({ enrollmentId }) => {
      const { record: _, ...known } = await station.unknownOutcome(enrollmentId);
      return known;
    },
    'enrollment.adopt': async ({ enrollmentId, content }) => {
      const found = certificatesOfFile(content);
      const profile = await open(enrollmentId);
      return { enrollmentId: await station.adopt(profile, enrollmentId, found) };
    },
    'enrollment.abandon': async ({ enrollmentId }) => await station.abandon(enrollmentId),
    'enrollment.storeAgain': async ({ enrollmentId }) =>
      await station.storeAgain(await open(enrollmentId), enrollmentId),
  };
}

function automaticResumption(station: Station): AutomaticResumption {
  const automatic = new AutomaticResumption(station);
  station.subscribe((event) => {
    // A store that fails, or is closed already, leaves the asking to a person.
    if (event.name === 'enrollment.ended') automatic.note(event.payload).catch(() => {});
    if (event.name === 'station.closing') automatic.close();
  });
  return automatic;
}

async function listed(
  station: Station,
  automatic: AutomaticResumption,
  limit: number,
): Promise<CommandOutput<'enrollment.list'>> {
  await station.settleInterrupted();
  const { store } = station.ports;
  const records = await store.enrollments.list({ limit });
  return await Promise.all(
    records.map(async (record) => {
      const profile = await settingsOf(store, record);
      const interval = profile?.lifecycle.connectRetryIntervalSeconds ?? 60;
      const byItself = automatic.dueAt(record.enrollmentId);
      const due =
        record.state === 'pending' ? (byItself ?? (await dueAt(store, record, interval))) : null;
      return {
        record,
        profile,
        dueAt: due?.toISOString() ?? null,
        automatic: byItself !== null,
      };
    }),
  );
}
