/**
 * Stable handles on the window's controls, for whatever drives it from outside.
 *
 * The way through the wizard: server → (primary) trust: told-fingerprint → (primary) token: module,
 * then `token-…` → (primary) pin → (primary); a blank one asks for token-label, new-pin, so-pin first →
 * identity → authentication → restrictions → review → enroll (nothing to do) → result.
 */
export const testIds = {
  step: {
    server: 'step-server',
    trust: 'step-trust',
    token: 'step-token',
    identity: 'step-identity',
    authentication: 'step-authentication',
    restrictions: 'step-restrictions',
    review: 'step-review',
    enroll: 'step-enroll',
    result: 'step-result',
  },
  screen: {
    provision: 'screen-provision',
    trust: 'screen-trust',
    enrollments: 'screen-enrollments',
    tokens: 'screen-tokens',
  },
  trust: {
    list: 'trust-list',
    server: 'trust-server',
    compare: 'trust-compare',
    remove: 'trust-remove',
    file: 'trust-file',
  },
  enrollments: { list: 'enrollment-list', one: 'enrollment-one' },
  tokens: {
    list: 'tokens-list',
    one: 'tokens-one',
    object: 'tokens-object',
    work: 'tokens-work',
    module: 'tokens-module',
    gone: 'tokens-gone',
  },
  tokenWork: {
    initialise: 'token-initialise',
    'change-pin': 'token-change-pin',
    unblock: 'token-unblock',
  },
  addModule: 'add-module',
  libraryParameters: 'library-parameters',
  tokenNews: 'token-news',
  tokenDone: 'token-done',
  fit: 'token-fit',
  lost: 'what-is-lost',
  consent: 'typed-consent',
  whosePin: 'whose-pin',
  alias: 'object-alias',
  deleteObject: 'delete-object',
  find: 'find',
  refreshTrust: 'refresh-trust',
  addRoot: 'add-root',
  removeRoot: 'remove-root',
  compareRoot: 'compare-root',
  certificateFile: 'certificate-file',
  certificateText: 'certificate-text',
  knowSource: 'know-source',
  countdown: 'countdown',
  settle: 'settle',
  lamp: 'lamp',
  primary: 'primary',
  back: 'back',
  language: 'language',
  theme: 'theme',
  endpoint: 'endpoint',
  label: 'label',
  hostnameVerification: 'hostname-verification',
  toldFingerprint: 'told-fingerprint',
  tally: 'tally',
  doesNotMatch: 'does-not-match',
  keystoreKind: 'keystore-kind',
  module: 'module',
  findTokens: 'find-tokens',
  keystorePath: 'keystore-path',
  keystorePassphrase: 'keystore-passphrase',
  rememberPassphrase: 'remember-passphrase',
  pin: 'pin',
  tlsTokenPin: 'tls-token-pin',
  pinForUse: {
    dialog: 'pin-for-use',
    pin: 'pin-for-use-pin',
    give: 'pin-for-use-give',
    decline: 'pin-for-use-decline',
  },
  serialCheck: 'serial-check',
  tokenLabel: 'token-label',
  newPin: 'new-pin',
  newPinAgain: 'new-pin-again',
  soPin: 'so-pin',
  soPinAgain: 'so-pin-again',
  subject: 'subject',
  addName: 'add-name',
  keyParameterSet: 'key-parameter-set',
  signatureAlgorithm: 'signature-algorithm',
  authScheme: 'auth-scheme',
  username: 'username',
  password: 'password',
  proxyPassword: 'proxy-password',
  tlsClientKey: 'tls-client-key',
  tlsKeyPath: 'tls-key-path',
  tlsKeyAlias: 'tls-key-alias',
  tlsKeyPassphrase: 'tls-key-passphrase',
  popEnabled: 'pop-enabled',
  channelBinding: 'channel-binding',
  unverifiedName: 'unverified-name',
  followServer: 'follow-server',
  saveProfile: 'save-profile',
  cancel: 'cancel',
  elapsed: 'elapsed',
  stall: 'stall',
  resultState: 'result-state',
  resultSubject: 'result-subject',
  resultFingerprint: 'result-fingerprint',
  problem: 'problem',
  errorCode: 'error-code',
} as const;

/** A row of the token list: an initialised token by its serial, a blank one by its slot. */
export function tokenTestId(token: {
  readonly initialised: boolean;
  readonly serial: string;
  readonly slot: number;
}): string {
  return token.initialised ? `token-${token.serial}` : `token-slot-${token.slot}`;
}

/** A saved profile in the list of the first step; `new` is the row for a new server. */
export function profileTestId(name: string): string {
  return `profile-${name}`;
}

/** A way out of a finding, named as in the policy (`turn-pop-off`, …). */
export function wayOutTestId(way: string): string {
  return `way-out-${way}`;
}

/** A row of a list that opens a page: a server by its name, an enrollment by its identifier. */
export function rowTestId(item: string): string {
  return `row-${item}`;
}

/** The field for a name the server leaves open. */
export function fillTestId(name: string): string {
  return `fill-${name}`;
}
