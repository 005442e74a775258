import type {
  CommandArgument,
  CommandName,
  CommandOutput,
} from '../../shared/contract/commands.ts';
import { StationError } from '../../shared/errors/station-error.ts';
import { profileSchema } from '../../shared/profile.ts';
import type { FakeEnrollments } from './enrollments.ts';
import { reopening } from './open-enrollments.ts';
import { ordinary, rootFingerprint, type Scenario } from './scenario.ts';
import type { FakeTokens } from './token-commands.ts';
import { fakeModule } from './tokens.ts';
import { trusting } from './trust.ts';

export type FakeHandlers = {
  readonly [Name in CommandName]: (
    input: CommandArgument<Name>,
  ) => CommandOutput<Name> | Promise<CommandOutput<Name>>;
};

/** One answer to every command of the contract. */
export function fakeHandlers(
  given: Partial<Scenario>,
  enrollments: FakeEnrollments,
  tokens: FakeTokens,
): FakeHandlers {
  const scenario = { ...ordinary, ...given };
  const handlers: FakeHandlers = {
    ...describing(scenario),
    ...trusting(scenario),
    ...tokens.handlers(),
    ...reopening(scenario, enrollments),
    'credentials.hold': () => ({}),
    'secret.give': ({ secret }) => {
      enrollments.give(secret);
      return {};
    },
    'credentials.forget': () => ({}),
    'secrets.kept': () => ({
      available: scenario.passphrases !== 'never-kept',
      kept: scenario.passphrases === 'kept',
    }),
    'secrets.remember': () => ({}),
    'secrets.forget': () => ({}),
    'enrollment.wishes': ({ followServer, fill }) => ({
      asksForPop: scenario.asksForPop,
      key: 'EC prime256v1',
      signatureAlgorithm: null,
      oids: [],
      template: scenario.plan.length > 0,
      plan: scenario.plan.map((line) =>
        followServer && line.verdict === 'kept'
          ? { ...line, sent: line.asked, verdict: 'followed' as const }
          : line,
      ),
      missing: scenario.missing.filter((name) => !fill[name]),
      warnings: [],
    }),
    'enrollment.start': () => ({ enrollmentId: enrollments.start() }),
    'enrollment.cancel': () => {
      enrollments.cancel();
      return {};
    },
    'enrollment.get': ({ enrollmentId }) => enrollments.get(enrollmentId),
    'journal.read': () => [],
  };
  return refusing(handlers, scenario);
}

/** The scenario's refusals stand before the handlers. */
function refusing(handlers: FakeHandlers, { refuse }: Scenario): FakeHandlers {
  return new Proxy(handlers, {
    get(target, name, receiver) {
      const code = typeof name === 'string' ? refuse[name] : undefined;
      if (code === undefined) return Reflect.get(target, name, receiver);
      return () => {
        throw new StationError(code, {
          endpoint: 'est.plant4.example:8443',
          module: fakeModule,
          detail: 'as the scenario says',
        });
      };
    },
  });
}

function describing({ practice, profiles }: Scenario) {
  return {
    'station.describe': () => ({
      version: '0.1.0',
      host: 'chromium' as const,
      operator: 'Operator 12',
      station: 'Station 07, Line 2',
      dataFolder: '/var/lib/est-station',
      practice: practice
        ? { endpoint: '127.0.0.1:43211', caFingerprint: rootFingerprint, username: 'trainee' }
        : null,
    }),
    'profiles.list': () => profiles.map((profile) => profileSchema.parse(profile)),
    'profiles.check': ({ profile }: { profile?: unknown }) => {
      const checked = profileSchema.safeParse(profile);
      if (!checked.success) {
        const problems = checked.error.issues.map(({ path, message }) => ({
          path: path.join('.'),
          message,
          error: null,
        }));
        return { valid: false as const, problems };
      }
      if (!checked.data.request.subject.includes('=')) {
        const problem = {
          path: 'request.subject',
          message: 'must be like CN=name',
          error: new StationError('PROFILE-05', { dn: 'x', detail: 'no equals sign' }).toData(),
        };
        return { valid: false as const, problems: [problem] };
      }
      return { valid: true as const, profile: checked.data };
    },
    'profiles.save': () => ({}),
  };
}
