export const id = 915;
export const ids = [915];
export const modules = {

/***/ 4509:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   YI: () => (/* binding */ describeThrown),
/* harmony export */   c_: () => (/* binding */ describeFetchFailure),
/* harmony export */   u7: () => (/* binding */ isErrorLike),
/* harmony export */   vC: () => (/* binding */ Fault)
/* harmony export */ });
class Fault extends Error {
    code;
    retryable;
    status;
    retryAfterMs;
    constructor(code, message, options) {
        super(message, options.cause === undefined ? undefined : { cause: options.cause });
        this.name = 'Fault';
        this.code = code;
        this.retryable = options.retryable;
        this.status = options.status;
        this.retryAfterMs = options.retryAfterMs;
    }
}
const isErrorLike = (thrown) => typeof thrown === 'object' && thrown !== null && 'message' in thrown && typeof thrown.message === 'string';
const describeThrown = (thrown) => (isErrorLike(thrown) ? thrown.message : String(thrown));
function describeFetchFailure(thrown) {
    const cause = isErrorLike(thrown) ? thrown.cause : undefined;
    const errors = isErrorLike(cause) && 'errors' in cause && Array.isArray(cause.errors) ? cause.errors : [];
    return describeThrown(errors[0] ?? cause ?? thrown);
}


/***/ }),

/***/ 6524:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $U: () => (/* binding */ raiseUnknown),
/* harmony export */   Ef: () => (/* binding */ WHOLE),
/* harmony export */   Lw: () => (/* binding */ overlay),
/* harmony export */   Rz: () => (/* binding */ raiseUnknownUnlessAsked),
/* harmony export */   SX: () => (/* binding */ UnknownValue),
/* harmony export */   h$: () => (/* binding */ showText),
/* harmony export */   o6: () => (/* binding */ isUnknownGetter)
/* harmony export */ });
/* unused harmony export showPath */
class UnknownValue extends Error {
    at;
    constructor(at) {
        super(`${at.length === 0 ? 'the object' : showPath(at)} is known only after apply`);
        this.name = 'UnknownValue';
        this.at = at;
    }
}
const WHOLE = Symbol('whole');
const raiseUnknownUnlessAsked = (isSet) => (_path, at) => {
    const raise = () => {
        throw new UnknownValue(at);
    };
    return { enumerable: true, get: Object.assign(raise, { isSet: () => isSet(at), at }) };
};
const raiseUnknown = raiseUnknownUnlessAsked(() => false);
const isUnknownGetter = (get) => typeof get === 'function' && 'isSet' in get;
const showText = (text) => {
    return () => ({ enumerable: true, value: text });
};
function overlay(value, marks, place, at = []) {
    if (marks === true)
        return WHOLE;
    if (marks === null || typeof marks !== 'object')
        return value;
    const list = Array.isArray(marks);
    let copy = null;
    for (const key in marks) {
        const mark = marks[key] ?? null;
        if (!hasMark(mark))
            continue;
        copy ??= emptyLike(value, list);
        if (copy === null)
            return WHOLE;
        const inner = [...at, list ? Number(key) : key];
        const child = overlay(own(value, key), mark, place, inner);
        const descriptor = child === WHOLE ? place(showPath(inner), inner) : { enumerable: true, writable: true, value: child };
        Object.defineProperty(copy, key, { configurable: true, ...descriptor });
    }
    return copy ?? value;
}
function hasMark(marks) {
    if (marks === true)
        return true;
    if (typeof marks !== 'object' || marks === null)
        return false;
    for (const key in marks)
        if (hasMark(marks[key] ?? null))
            return true;
    return false;
}
function emptyLike(value, list) {
    if (value === null || value === undefined)
        return list ? [] : {};
    if (Array.isArray(value))
        return list ? [...value] : null;
    return typeof value === 'object' && !list ? { ...value } : null;
}
const own = (value, key) => typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? value[key] : undefined;
function showPath(at) {
    return at
        .map((key, index) => {
        if (typeof key === 'number')
            return `[${key}]`;
        if (!/^[A-Za-z_][\w-]*$/.test(key))
            return `[${JSON.stringify(key)}]`;
        return index === 0 ? key : `.${key}`;
    })
        .join('');
}


/***/ }),

/***/ 1956:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   B: () => (/* binding */ createPlanReceiver),
/* harmony export */   P: () => (/* binding */ toLines)
/* harmony export */ });
function* toLines(briefing, plan) {
    const { changes, drift, markedElsewhere: _, variables, ...rest } = plan;
    const head = { ...rest, changes: changes.length, drift: drift.length, variables: [...(variables ?? [])] };
    yield JSON.stringify(briefing);
    yield JSON.stringify(head);
    for (const change of changes)
        yield JSON.stringify(change);
    for (const change of drift)
        yield JSON.stringify(change);
}
function createPlanReceiver() {
    const changes = [];
    let briefing = null;
    let head = null;
    return {
        line(text) {
            if (briefing === null)
                briefing = JSON.parse(text);
            else if (head === null)
                head = JSON.parse(text);
            else
                changes.push(JSON.parse(text));
        },
        finish() {
            if (briefing === null || head === null || changes.length !== head.changes + head.drift)
                throw new Error('The plan did not arrive as it was sent');
            const { changes: count, drift: _, variables, ...rest } = head;
            return { briefing, plan: { ...rest, variables: new Map(variables), drift: changes.splice(count), changes } };
        },
    };
}


/***/ }),

/***/ 5957:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  r: () => (/* binding */ serveScript)
});

// NAMESPACE OBJECT: ./node_modules/.cache/runtask-bundle/checks/script/api.js
var api_namespaceObject = {};
__webpack_require__.r(api_namespaceObject);
__webpack_require__.d(api_namespaceObject, {
  UnknownValue: () => (UnknownValue),
  check: () => (check)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:process"
var external_node_process_ = __webpack_require__(1708);
// EXTERNAL MODULE: external "node:url"
var external_node_url_ = __webpack_require__(3136);
;// CONCATENATED MODULE: ./node_modules/.cache/runtask-bundle/checks/script/api.js
const check = (judge) => {
    if (typeof judge !== 'function')
        throw new TypeError('check(…) takes the function that judges');
    return Object.freeze({ judge });
};
class UnknownValue extends Error {
    address;
    path;
    constructor(address, path) {
        super(`${address}: ${path === '' ? 'the object' : path} is known only after apply`);
        this.name = 'UnknownValue';
        this.address = address;
        this.path = path;
    }
}

// EXTERNAL MODULE: ./node_modules/.cache/runtask-bundle/base/fault.js
var fault = __webpack_require__(4509);
;// CONCATENATED MODULE: ./node_modules/.cache/runtask-bundle/checks/script/author-error.js


const REMEDIES = {
    ERR_MODULE_NOT_FOUND: 'Imports name files with their endings, and only the top folder that the script is in can be read, without `.bin`',
    ERR_ACCESS_DENIED: 'A check can read the top folder that it is in: no other files, no programs, no threads',
    ERR_INVALID_TYPESCRIPT_SYNTAX: 'Does it compile with tsc?',
};
function describeAuthorError(thrown, { root, file }) {
    if (!(0,fault/* isErrorLike */.u7)(thrown))
        return `${file}: It threw ${typeof thrown === 'object' ? 'an object' : String(thrown)}, which is no Error`;
    const url = (0,external_node_url_.pathToFileURL)(root).href;
    const own = (text) => text.replaceAll(`${url}/`, '').replaceAll(`${root}/`, '');
    const place = placeOf(typeof thrown.stack === 'string' ? thrown.stack : '', [url, root]) ?? file;
    const messages = (0,fault/* isErrorLike */.u7)(thrown.cause) ? `${thrown.message}: ${thrown.cause.message}` : thrown.message;
    const message = own(messages).replace(/\s+/g, ' ').trim() || '(no message)';
    const remedy = 'code' in thrown && typeof thrown.code === 'string' ? REMEDIES[thrown.code] : undefined;
    return `${place}: ${thrown.name}: ${message}${remedy === undefined ? '' : `. ${remedy}`}`;
}
function placeOf(stack, roots) {
    for (const line of stack.split('\n')) {
        for (const root of roots) {
            const start = line.indexOf(`${root}/`);
            const [, path, where] = /^(.+?)(:\d+(?::\d+)?)\)?$/.exec(start < 0 ? '' : line.slice(start + root.length + 1)) ?? [];
            if (path !== undefined && !path.includes('node_modules/'))
                return `${path}${where ?? ''}`;
        }
    }
    return null;
}

// EXTERNAL MODULE: external "node:dgram"
var external_node_dgram_ = __webpack_require__(1314);
// EXTERNAL MODULE: external "node:dns"
var external_node_dns_ = __webpack_require__(610);
// EXTERNAL MODULE: external "node:module"
var external_node_module_ = __webpack_require__(8995);
// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
;// CONCATENATED MODULE: ./node_modules/.cache/runtask-bundle/checks/script/guard.js






function refuseWhatNodeAllows() {
    const sqlite = external_node_process_.getBuiltinModule('node:sqlite');
    const signals = 'A check may not send signals to processes';
    const network = 'A check has no network. Hand it what it needs in `params`, or use a check of the kind `run`';
    refuse(external_node_process_, ['kill', '_kill', '_debugProcess', '_debugEnd'], signals);
    refuse(external_node_os_, ['setPriority'], signals);
    refuse(sqlite, ['DatabaseSync', 'StatementSync', 'Session', 'backup'], 'A check has no databases');
    refuse(external_node_net_.Socket.prototype, ['connect'], network);
    refuse(external_node_net_.Server.prototype, ['listen', '_listen2'], network);
    refuse(external_node_net_, ['_createServerHandle'], network);
    refuse(external_node_dgram_.Socket.prototype, ['bind', 'connect', 'send'], network);
    refuse(external_node_dgram_, ['createSocket', '_createSocketHandle'], network);
    for (const names of [external_node_dns_, external_node_dns_.promises]) {
        refuse(names, functionsOf(names), network);
        refuse(names.Resolver.prototype, functionsOf(names.Resolver.prototype), network);
    }
    (0,external_node_module_.syncBuiltinESMExports)();
}
const functionsOf = (holder) => Object.getOwnPropertyNames(holder).filter((name) => /^(lookup|resolve|reverse)/.test(name));
function refuse(holder, names, why) {
    for (const name of names) {
        if (!(name in holder))
            continue;
        Object.defineProperty(holder, name, {
            configurable: false,
            writable: false,
            value: function refused() {
                throw new Error(why);
            },
        });
    }
}

;// CONCATENATED MODULE: ./node_modules/.cache/runtask-bundle/checks/script/import-module.js
var __rewriteRelativeImportExtension = (undefined && undefined.__rewriteRelativeImportExtension) || function (path, preserveJsx) {
    if (typeof path === "string" && /^\.\.?\//.test(path)) {
        return path.replace(/\.(tsx)$|((?:\.d)?)((?:\.[^./]+?)?)\.([cm]?)ts$/i, function (m, tsx, d, ext, cm) {
            return tsx ? preserveJsx ? ".jsx" : ".js" : d && (!ext || !cm) ? m : (d + ext + "." + cm.toLowerCase() + "js");
        });
    }
    return path;
};
// Imports a module whose path is known only when it runs. Bundlers put a lookup among their own modules in place of `import()`, unless
// the word below stands in it; tools/bundle.mjs leaves this file its comments for that.
const importModule = (url) => import(__rewriteRelativeImportExtension(/* webpackIgnore: true */ url, true));

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./node_modules/.cache/runtask-bundle/checks/script/load-hooks.js






const SPECIFIER = 'runtask-action/check';
const API_URL = 'runtask:check';
const API_KEY = Symbol.for('runtask-action/check');
const SCRIPTS = {
    '.js': (text) => text,
    '.mjs': (text) => text,
    '.ts': withoutTypes,
    '.mts': withoutTypes,
};
function hookModules(root) {
    const loaded = new Map();
    Object.defineProperty(globalThis, API_KEY, { value: api_namespaceObject });
    const names = Object.keys(api_namespaceObject).join(', ');
    const source = `export const { ${names} } = globalThis[Symbol.for(${JSON.stringify(SPECIFIER)})];`;
    const rootUrl = `${(0,external_node_url_.pathToFileURL)(root).href}/`;
    (0,external_node_module_.registerHooks)({
        resolve(specifier, context, nextResolve) {
            if (specifier === SPECIFIER)
                return { url: API_URL, format: 'module', shortCircuit: true };
            return nextResolve(specifier, context);
        },
        load(url, context, nextLoad) {
            if (url === API_URL)
                return { format: 'module', source, shortCircuit: true };
            const read = SCRIPTS[(0,external_node_path_.extname)(new URL(url).pathname)];
            if (read === undefined || !url.startsWith(rootUrl) || url.includes('/node_modules/'))
                return nextLoad(url, context);
            const text = (0,external_node_fs_.readFileSync)((0,external_node_url_.fileURLToPath)(url), 'utf8');
            loaded.set(url, text);
            return { format: 'module', source: read(text, url), shortCircuit: true };
        },
    });
    return (error) => {
        if (!(0,fault/* isErrorLike */.u7)(error) || error.name !== 'SyntaxError' || error.stack?.includes(rootUrl) === true)
            return error;
        return findSyntaxError(loaded) ?? error;
    };
}
function findSyntaxError(texts) {
    for (const [url, text] of texts) {
        try {
            (0,external_node_module_.stripTypeScriptTypes)(text, { mode: 'strip', sourceUrl: url });
        }
        catch (error) {
            if ((0,fault/* isErrorLike */.u7)(error) && 'code' in error && error.code === 'ERR_INVALID_TYPESCRIPT_SYNTAX')
                return error;
        }
    }
    return null;
}
function withoutTypes(text, url) {
    try {
        return (0,external_node_module_.stripTypeScriptTypes)(text, { mode: 'strip', sourceUrl: url });
    }
    catch (error) {
        if (!(0,fault/* isErrorLike */.u7)(error) || !('code' in error) || error.code !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')
            throw error;
        process.setSourceMapsEnabled(true);
        return (0,external_node_module_.stripTypeScriptTypes)(text, { mode: 'transform', sourceMap: true, sourceUrl: url });
    }
}

// EXTERNAL MODULE: ./node_modules/.cache/runtask-bundle/checks/script/plan-lines.js
var plan_lines = __webpack_require__(1956);
// EXTERNAL MODULE: ./node_modules/.cache/runtask-bundle/documents/glob.js
var glob = __webpack_require__(4446);
// EXTERNAL MODULE: ./node_modules/.cache/runtask-bundle/checks/values/configured.js
var configured = __webpack_require__(4222);
// EXTERNAL MODULE: ./node_modules/.cache/runtask-bundle/plan/json-tree.js
var json_tree = __webpack_require__(8082);
// EXTERNAL MODULE: ./node_modules/.cache/runtask-bundle/checks/cel/unknown.js
var cel_unknown = __webpack_require__(6524);
;// CONCATENATED MODULE: ./node_modules/.cache/runtask-bundle/checks/script/value-path.js
const STEP = /\.?([A-Za-z_][\w-]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;
function parseValuePath(text) {
    const steps = [];
    let at = 0;
    while (at < text.length) {
        STEP.lastIndex = at;
        const match = STEP.exec(text);
        if (match === null || (match[1] !== undefined && match[0].startsWith('.') === (at === 0)))
            throw new TypeError(`Not a path: ${text}. Write it like \`acl\`, \`ingress[0].cidr_blocks\` or \`tags["a:b"]\``);
        const [whole, name, index, key] = match;
        steps.push(name ?? (index === undefined ? JSON.parse(`"${key ?? ''}"`) : Number(index)));
        at += whole.length;
    }
    return steps;
}

;// CONCATENATED MODULE: ./node_modules/.cache/runtask-bundle/checks/script/change-view.js




const NOT_YET = Symbol('not looked at yet');
class ChangeView {
    #raw;
    #subject;
    #onLook;
    #after = NOT_YET;
    constructor(raw, subject, { onLook }) {
        this.#raw = raw;
        this.#subject = subject;
        this.#onLook = onLook;
    }
    get action() {
        return this.#raw.action;
    }
    get actions() {
        return this.#raw.actions;
    }
    get before() {
        this.#onLook?.(this.#subject);
        return this.#raw.before;
    }
    get after() {
        this.#onLook?.(this.#subject);
        if (this.#after === NOT_YET)
            this.#after = withUnknowns(this.#raw.after, this.#raw.unknown, this.#subject);
        if (this.#after === cel_unknown/* WHOLE */.Ef)
            throw new UnknownValue(this.#subject, '');
        return this.#after;
    }
    isUnknown(path = '') {
        return isMarkedAt(this.#raw.unknown, parseValuePath(path));
    }
    isSensitive(path = '') {
        const steps = parseValuePath(path);
        return isMarkedAt(this.#raw.afterSensitive, steps) || isMarkedAt(this.#raw.beforeSensitive, steps);
    }
    [Symbol.for('nodejs.util.inspect.custom')]() {
        return `${this.#subject} (${this.#raw.action})`;
    }
}
class ResourceView extends ChangeView {
    #resource;
    #configured;
    constructor(raw, seeing) {
        super(raw, raw.address, seeing);
        this.#resource = raw;
        this.#configured = seeing.configured;
    }
    get address() {
        return this.#resource.address;
    }
    get previousAddress() {
        return this.#resource.previousAddress;
    }
    get module() {
        return this.#resource.module;
    }
    get mode() {
        return this.#resource.mode;
    }
    get type() {
        return this.#resource.type;
    }
    get name() {
        return this.#resource.name;
    }
    get index() {
        return this.#resource.index;
    }
    get deposed() {
        return this.#resource.deposed;
    }
    get provider() {
        return this.#resource.provider;
    }
    get reason() {
        return this.#resource.reason;
    }
    get replaceOrder() {
        return this.#resource.replaceOrder;
    }
    get replacePaths() {
        return this.#resource.replacePaths;
    }
    isSet(path) {
        const steps = parseValuePath(path);
        const { after, unknown } = this.#resource;
        if (isMarkedAround(unknown, steps))
            return this.#configured.isSet(this.#resource, steps);
        const value = steps.reduce(at, after);
        return (value !== null && value !== undefined && value !== '') || (0,json_tree/* holdsTrue */.PJ)(steps.reduce(at, unknown));
    }
    get importing() {
        return this.#resource.importing;
    }
}
class OutputView extends ChangeView {
    #name;
    constructor(raw, seeing) {
        super(raw, `output.${raw.name}`, seeing);
        this.#name = raw.name;
    }
    get address() {
        return `output.${this.#name}`;
    }
    get name() {
        return this.#name;
    }
}
const toResourceView = (raw, seeing) => new ResourceView(raw, seeing);
const toOutputView = (raw, seeing) => new OutputView(raw, seeing);
const withUnknowns = (value, unknown, subject) => (0,cel_unknown/* overlay */.Lw)(value, unknown, (path) => ({
    enumerable: true,
    get: () => {
        throw new UnknownValue(subject, path);
    },
}));
const isMarkedAt = (marks, path) => isMarkedAround(marks, path) || (0,json_tree/* holdsTrue */.PJ)(path.reduce(at, marks));
function isMarkedAround(marks, path) {
    let here = marks;
    for (const step of path) {
        if ((0,json_tree/* isMark */.qi)(here))
            return true;
        here = at(here, step);
    }
    return (0,json_tree/* isMark */.qi)(here);
}
function at(tree, step) {
    if ((0,json_tree/* isList */.Lv)(tree))
        return typeof step === 'number' ? tree[step] : undefined;
    return (0,json_tree/* isMap */.jh)(tree) ? (0,json_tree/* ownValue */.eC)(tree, String(step)) : undefined;
}

;// CONCATENATED MODULE: ./node_modules/.cache/runtask-bundle/checks/script/plan-view.js



const UNCHANGED = new Set(['no-op', 'read']);
const GONE = new Set(['delete', 'forget']);
function toPlanView(plan, onLook) {
    const seeing = { configured: (0,configured/* createConfigured */.t)(plan), onLook };
    const resources = plan.changes.map((change) => toResourceView(change, seeing));
    const changes = resources.filter(({ action, importing }) => !UNCHANGED.has(action) || importing !== null);
    const planned = changes.filter(({ action }) => !GONE.has(action));
    const configuration = () => {
        if (plan.configuration === null || plan.configuration === undefined)
            throw new Error("The plan does not say how it is written (HCP Terraform's redacted plans do not), so modules and providers are not known");
        return plan.configuration;
    };
    return {
        terraformVersion: plan.terraformVersion,
        complete: plan.complete,
        counts: plan.counts,
        resources,
        changes,
        ofType: (...types) => ofTypes(changes, types),
        planned: (...types) => (types.length === 0 ? planned : ofTypes(planned, types)),
        drift: plan.drift.map((change) => toResourceView(change, seeing)),
        outputs: plan.outputs.map((output) => toOutputView(output, seeing)),
        deferred: plan.deferred.map(({ reason, change }) => ({ reason, change: toResourceView(change, seeing) })),
        variables: Object.fromEntries(plan.variables ?? []),
        get configuration() {
            return configuration();
        },
        get modules() {
            return configuration().modules;
        },
        get providers() {
            return configuration().providers;
        },
    };
}
function ofTypes(changes, types) {
    if (types.length === 0 || types.some((type) => typeof type !== 'string'))
        throw new TypeError('ofType(…) and planned(…) take resource types, such as "aws_s3_bucket" or "aws_*"');
    const wanted = new Map();
    return changes.filter(({ type }) => {
        const known = wanted.get(type) ?? (0,glob/* matchesAnyGlob */.o)(types, type);
        wanted.set(type, known);
        return known;
    });
}

// EXTERNAL MODULE: ./node_modules/.cache/runtask-bundle/findings/exceptions.js
var exceptions = __webpack_require__(8098);
;// CONCATENATED MODULE: ./node_modules/.cache/runtask-bundle/checks/script/reporter.js


const OPTIONS = {
    rule: 'string',
    severity: 'string',
    attribute: 'string',
    help: 'string',
    url: 'string',
    file: 'string',
    line: 'number',
};
const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'];
function createReporter(plan, send, { maxFindings, maxText, except }) {
    const made = new Map();
    let actions = null;
    let isExcepted = null;
    const bounded = (text, what) => text === undefined ? null : text.length <= maxText ? text : `(a ${what} of ${text.length} characters is withheld; write a shorter one)`;
    const tellOf = (level, called) => (subject, message, options = {}) => {
        if (typeof message !== 'string' || message.trim() === '')
            throw new TypeError(`${called}(subject, message): a message is missing`);
        checkOptions(called, options);
        const address = addressOf(called, subject);
        if (address !== null && except.length > 0 && (isExcepted ??= (0,exceptions/* createExceptions */.T)(plan.resources))(except, address))
            return;
        const key = `${level} ${options.severity ?? ''}`;
        const same = made.get(key) ?? { level, severity: options.severity, count: 0 };
        made.set(key, same);
        same.count += 1;
        if (same.count > maxFindings)
            return;
        actions ??= new Map([...plan.drift, ...plan.resources].map((change) => [change.address, change.action]));
        const { rule, severity, attribute, help, url, file, line } = options;
        const finding = {
            level,
            message: bounded(message, 'message') ?? '',
            address: bounded(address ?? undefined, 'address'),
            action: address === null ? null : (actions.get(address) ?? null),
            ruleId: bounded(rule, 'rule'),
            attribute: bounded(attribute, 'attribute'),
            help: bounded(help, 'help'),
            url: bounded(url, 'url'),
            file: bounded(file, 'file'),
            line: line ?? null,
            ...(severity === undefined ? {} : { severity }),
        };
        send({ finding });
    };
    const fail = tellOf('error', 'fail');
    const warn = tellOf('warning', 'warn');
    const note = tellOf('note', 'note');
    const policies = { fail, warn, pass: () => { } };
    const cannotKnow = ({ address, path }, tell = fail, rule) => {
        const [attribute] = /^[A-Za-z_][\w-]*/.exec(path) ?? [];
        const what = path === '' ? 'The object' : `\`${path}\``;
        tell(address, `${what} is known only after apply, so it cannot be judged before`, {
            ...(rule === undefined ? {} : { rule }),
            ...(attribute === undefined ? {} : { attribute }),
        });
    };
    function each(subjects, judge, { unknown = 'fail', rule, ...others } = {}) {
        const policy = Object.hasOwn(policies, unknown) ? policies[unknown] : null;
        if (policy === null)
            throw new TypeError('each(…): unknown is "fail", "warn" or "pass"');
        const [other] = Object.keys(others);
        if (other !== undefined)
            throw new TypeError(`each(…) knows no option ${other}. It knows: unknown, rule`);
        return judgeEach(subjects[Symbol.iterator](), judge, (error) => {
            if (!(error instanceof UnknownValue))
                throw error;
            cannotKnow(error, policy, rule);
        });
    }
    return {
        fail,
        warn,
        note,
        unlisted: () => [...made.values()].flatMap(({ count, level, severity }) => count > maxFindings ? [{ level, count: count - maxFindings, ...(severity === undefined ? {} : { severity }) }] : []),
        cannotKnow,
        each,
    };
}
function judgeEach(subjects, judge, onThrown) {
    for (let next = subjects.next(); next.done !== true; next = subjects.next()) {
        try {
            const pending = judge(next.value);
            if (pending instanceof Promise)
                return judgeRest(pending, subjects, judge, onThrown);
        }
        catch (error) {
            onThrown(error);
        }
    }
}
async function judgeRest(first, subjects, judge, onThrown) {
    await first.catch(onThrown);
    for (let next = subjects.next(); next.done !== true; next = subjects.next()) {
        try {
            await judge(next.value);
        }
        catch (error) {
            onThrown(error);
        }
    }
}
function checkOptions(called, options) {
    for (const [key, value] of Object.entries(options)) {
        if (!Object.hasOwn(OPTIONS, key))
            throw new TypeError(`${called}(…) knows no option ${key}. It knows: ${Object.keys(OPTIONS).join(', ')}`);
        const type = OPTIONS[key];
        if (value !== undefined && typeof value !== type)
            throw new TypeError(`${called}(…): ${key} is a ${type}`);
    }
    if (options.severity !== undefined && !SEVERITIES.includes(options.severity))
        throw new TypeError(`${called}(…): severity is one of ${SEVERITIES.join(', ')}`);
    if (options.line !== undefined && !(Number.isInteger(options.line) && options.line >= 1))
        throw new TypeError(`${called}(…): line is a whole number from 1`);
}
function addressOf(called, subject) {
    if (subject === null || typeof subject === 'string')
        return subject;
    const address = typeof subject === 'object' ? subject.address : undefined;
    if (typeof address === 'string')
        return address;
    throw new TypeError(`${called}(subject, message): the subject is a change, an address or null`);
}

;// CONCATENATED MODULE: ./node_modules/.cache/runtask-bundle/checks/script/serve.js











const CHANNEL = 3;
const MAX_LOOKED = 1000;
const NEWLINE = 10;
async function serveScript() {
    const { briefing, plan: raw } = await receivePlan(external_node_process_.stdin);
    const looked = briefing.explain ? new Set() : null;
    const plan = toPlanView(raw, looked === null ? null : (subject) => void looked.add(subject));
    const reporter = createReporter(plan, say, briefing);
    const end = createEnd(briefing, reporter, looked);
    printWithoutDelay();
    const withLine = hookModules(briefing.root);
    refuseWhatNodeAllows();
    try {
        const { judge } = await loadCheck(briefing, withLine);
        const { fail, warn, note, each } = reporter;
        await judge({ plan, run: briefing.run, params: briefing.params, fail, warn, note, each });
        end.settled();
    }
    catch (error) {
        end.broke(error);
    }
}
async function loadCheck({ root, file }, withLine) {
    const loaded = (await importModule((0,external_node_url_.pathToFileURL)(`${root}/${file}`).href).catch((error) => {
        throw withLine(error);
    }));
    const judge = loaded.default?.judge;
    if (typeof judge !== 'function') {
        throw new Error(`It has no check as its default export. Write: import { check } from 'runtask-action/check'; export default check(({ plan, fail }) => { … })`);
    }
    return { judge };
}
function createEnd(briefing, reporter, looked) {
    const { token, file, maxText } = briefing;
    let settled = false;
    const exit = external_node_process_.exit.bind(external_node_process_);
    const fitting = (text) => (text.length <= maxText ? text : `(${text.length} characters are withheld)`);
    const sayLooked = () => {
        if (looked !== null)
            say({ looked: [...looked].slice(0, MAX_LOOKED).map(fitting), more: Math.max(0, looked.size - MAX_LOOKED) });
    };
    const giveUp = (why) => {
        sayLooked();
        say({ broke: fitting(why) });
        exit(1);
    };
    const broke = (error) => {
        const text = describeAuthorError(error, briefing);
        if (!(error instanceof UnknownValue))
            return giveUp(text);
        reporter.cannotKnow(error);
        giveUp(`${text}. It stopped there, and the rest was not judged. Ask \`isUnknown(path)\` first, or judge with \`each(…)\``);
    };
    external_node_process_.on('uncaughtException', broke);
    external_node_process_.on('beforeExit', () => {
        if (!settled)
            return giveUp(`${file}: It waits for something that never comes: nothing is left to do, and its promise has not settled`);
        sayLooked();
        say({ done: token, unlisted: reporter.unlisted() });
    });
    return { settled: () => void (settled = true), broke };
}
function printWithoutDelay() {
    for (const stream of [external_node_process_.stdout, external_node_process_.stderr])
        stream._handle?.setBlocking?.(true);
}
function say(message) {
    const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
    for (let sent = 0; sent < bytes.length;)
        sent += (0,external_node_fs_.writeSync)(CHANNEL, bytes, sent);
}
async function receivePlan(input) {
    const receiver = (0,plan_lines/* createPlanReceiver */.B)();
    let pending = [];
    for await (const chunk of input) {
        let start = 0;
        for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
            const line = chunk.subarray(start, end);
            receiver.line((pending.length === 0 ? line : Buffer.concat([...pending, line])).toString());
            pending = [];
            start = end + 1;
        }
        if (start < chunk.length)
            pending.push(chunk.subarray(start));
    }
    if (pending.length > 0)
        throw new Error('The plan ended in the middle of a line');
    return receiver.finish();
}


/***/ }),

/***/ 3915:
/***/ ((__webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
__webpack_require__.r(__webpack_exports__);
/* harmony import */ var _serve_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5957);

await (0,_serve_js__WEBPACK_IMPORTED_MODULE_0__/* .serveScript */ .r)();

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 8474:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Pe: () => (/* binding */ withoutKeys),
/* harmony export */   QB: () => (/* binding */ allNames),
/* harmony export */   RZ: () => (/* binding */ hasModule),
/* harmony export */   df: () => (/* binding */ hasType),
/* harmony export */   hs: () => (/* binding */ hasAddress)
/* harmony export */ });
/* harmony import */ var _documents_glob_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4446);

const allNames = ({ address, previousAddress }) => previousAddress === null ? [address] : [address, previousAddress];
function hasType(globs, change) {
    if ((0,_documents_glob_js__WEBPACK_IMPORTED_MODULE_0__/* .matchesAnyGlob */ .o)(globs, change.type))
        return true;
    if (change.previousAddress === null)
        return false;
    const old = withoutKeys(change.previousAddress).split('.').at(-2);
    return old !== undefined && (0,_documents_glob_js__WEBPACK_IMPORTED_MODULE_0__/* .matchesAnyGlob */ .o)(globs, old);
}
const hasAddress = (globs, names) => names.some((name) => [name, withoutKeys(name), withoutLastKey(name)].some((form) => (0,_documents_glob_js__WEBPACK_IMPORTED_MODULE_0__/* .matchesAnyGlob */ .o)(globs, form)));
function hasModule(globs, names, module = '') {
    if ((0,_documents_glob_js__WEBPACK_IMPORTED_MODULE_0__/* .matchesAnyGlob */ .o)(globs, ''))
        return true;
    return [...names.map(modulePath), segments(module)].some((path) => {
        for (let depth = path.length; depth > 0; depth--) {
            const whole = path.slice(0, depth);
            if ((0,_documents_glob_js__WEBPACK_IMPORTED_MODULE_0__/* .matchesAnyGlob */ .o)(globs, whole.join('.')) || (0,_documents_glob_js__WEBPACK_IMPORTED_MODULE_0__/* .matchesAnyGlob */ .o)(globs, whole.map(withoutKeys).join('.')))
                return true;
        }
        return false;
    });
}
function modulePath(address) {
    const parts = segments(address);
    const end = parts.findIndex((part) => !part.startsWith('module.'));
    return end < 0 ? parts : parts.slice(0, end);
}
function segments(address) {
    const words = [];
    let word = '';
    for (const [token] of address.matchAll(/\["(?:[^"\\]|\\.)*"\]|\[\d+\]|\.|[^.[]+|\[/g)) {
        if (token === '.' && word !== 'module') {
            words.push(word);
            word = '';
        }
        else
            word += token;
    }
    return word === '' ? words : [...words, word];
}
const KEY = /\["(?:[^"\\]|\\.)*"\]|\[\d+\]/g;
const LAST_KEY = /(?:\["(?:[^"\\]|\\.)*"\]|\[\d+\])$/;
const withoutKeys = (address) => (address.includes('[') ? address.replace(KEY, '') : address);
const withoutLastKey = (address) => (address.endsWith(']') ? address.replace(LAST_KEY, '') : address);


/***/ }),

/***/ 4222:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   t: () => (/* binding */ createConfigured)
/* harmony export */ });
/* harmony import */ var _plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8082);
/* harmony import */ var _select_addresses_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8474);


function createConfigured({ configuration }) {
    const resources = later(() => new Map((configuration?.resources ?? []).map((resource) => [resource.address, resource])));
    const providers = later(() => new Map((configuration?.providers ?? []).map((provider) => [provider.key, provider])));
    const calls = later(() => new Map((configuration?.modules ?? []).map((call) => [call.address, call])));
    const find = (change) => resources().get((0,_select_addresses_js__WEBPACK_IMPORTED_MODULE_0__/* .withoutKeys */ .Pe)(change.address)) ?? null;
    return {
        isSet(change, at) {
            const resource = find(change);
            return (resource !== null &&
                sets(resource.expressions, at, null, (references, isTag) => mayBring(references, resource.module, { calls: calls(), isTag, asked: new Set() })));
        },
        isWritten(change, attribute) {
            const resource = find(change);
            return resource === null ? null : (0,_plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .isMap */ .jh)(resource.expressions) && Object.hasOwn(resource.expressions, attribute);
        },
        providerOf(change) {
            const key = find(change)?.provider ?? null;
            return key === null ? null : (providers().get(key) ?? null);
        },
    };
}
function later(make) {
    let made = null;
    return () => (made ??= { value: make() }).value;
}
const MAPS_OF_TEXT = new Set(['tags', 'tags_all', 'labels']);
function sets(written, [first, ...rest], within, mayBring) {
    if (isExpression(written)) {
        const constant = (0,_plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .ownValue */ .eC)(written, 'constant_value');
        if (constant !== undefined)
            return isThere(constant, first === undefined ? [] : [first, ...rest]);
        if (first !== undefined && !(rest.length === 0 && within !== null && MAPS_OF_TEXT.has(within)))
            return false;
        const references = (0,_plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .ownValue */ .eC)(written, 'references');
        const isTag = first !== undefined;
        return (0,_plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .isList */ .Lv)(references) && references.length > 0 ? mayBring(references, isTag) : isTag;
    }
    if (first === undefined)
        return (0,_plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .isList */ .Lv)(written) ? written.length > 0 : (0,_plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .isMap */ .jh)(written);
    if ((0,_plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .isList */ .Lv)(written))
        return typeof first === 'number' && written.length > 0 && written.every((block) => sets(block, rest, within, mayBring));
    const inner = (0,_plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .isMap */ .jh)(written) ? (0,_plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .ownValue */ .eC)(written, String(first)) : undefined;
    return inner !== undefined && sets(inner, rest, String(first), mayBring);
}
function isThere(constant, at) {
    let value = constant;
    for (const part of at) {
        const inner = typeof part === 'number' ? ((0,_plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .isList */ .Lv)(value) ? value[part] : undefined) : (0,_plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .isMap */ .jh)(value) ? (0,_plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .ownValue */ .eC)(value, part) : undefined;
        if (inner === undefined)
            return false;
        value = inner;
    }
    return value !== null && value !== '';
}
function isExpression(value) {
    if (!(0,_plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .isMap */ .jh)(value))
        return false;
    return Object.keys(value).length === 0 || Object.hasOwn(value, 'constant_value') || (0,_plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .isList */ .Lv)((0,_plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .ownValue */ .eC)(value, 'references'));
}
function mayBring(references, module, asking) {
    const { calls, isTag, asked } = asking;
    return references.some((reference, i) => {
        const before = references[i - 1];
        if (typeof reference !== 'string')
            return false;
        if (typeof before === 'string' && before.startsWith(reference) && /^[.[]/.test(before.slice(reference.length)))
            return false;
        const key = `${module} ${reference}`;
        if (asked.has(key))
            return false;
        asked.add(key);
        const [root = '', name = '', output] = (0,_select_addresses_js__WEBPACK_IMPORTED_MODULE_0__/* .withoutKeys */ .Pe)(reference).split('.');
        if (['path', 'terraform', 'count'].includes(root))
            return false;
        if (['local', 'each', 'self'].includes(root))
            return isTag;
        if (root !== 'var' && root !== 'module')
            return true;
        if (root === 'var' && module === '')
            return false;
        const called = root === 'var' ? module : [...(module === '' ? [] : [module]), 'module', name].join('.');
        const call = calls.get(called);
        if (call === undefined)
            return isTag;
        const written = root === 'var' ? [ownIn(call.expressions, name)] : outputsOf(call, output);
        const where = root === 'var' ? call.module : called;
        return written.some((expression) => {
            const inner = ownIn(expression, 'references');
            return (0,_plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .isList */ .Lv)(inner) && mayBring(inner, where, asking);
        });
    });
}
function outputsOf({ outputs }, name) {
    if (name !== undefined)
        return [ownIn(ownIn(outputs, name), 'expression')];
    return (0,_plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .isMap */ .jh)(outputs) ? Object.keys(outputs).map((key) => ownIn(ownIn(outputs, key), 'expression')) : [];
}
const ownIn = (value, key) => ((0,_plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .isMap */ .jh)(value) ? (0,_plan_json_tree_js__WEBPACK_IMPORTED_MODULE_1__/* .ownValue */ .eC)(value, key) : undefined);


/***/ }),

/***/ 4446:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   o: () => (/* binding */ matchesAnyGlob),
/* harmony export */   s: () => (/* binding */ matchGlob)
/* harmony export */ });
function matchGlob(pattern, text) {
    let p = 0;
    let t = 0;
    let star = -1;
    let resume = 0;
    while (t < text.length) {
        if (p < pattern.length && pattern[p] === '*') {
            star = p++;
            resume = t;
        }
        else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
            p++;
            t++;
        }
        else if (star >= 0) {
            p = star + 1;
            t = ++resume;
        }
        else
            return false;
    }
    while (pattern[p] === '*')
        p++;
    return p === pattern.length;
}
const matchesAnyGlob = (patterns, text) => patterns.some((pattern) => matchGlob(pattern, text));


/***/ }),

/***/ 8098:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   T: () => (/* binding */ createExceptions)
/* harmony export */ });
/* harmony import */ var _documents_glob_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4446);

const STAYS = new Set(['no-op', 'create', 'read', 'update', 'open', 'renew', 'close']);
function createExceptions(changes) {
    const earlier = new Map();
    for (const { address, previousAddress, action } of changes) {
        if (previousAddress === null || STAYS.has(action))
            continue;
        earlier.set(address, [...(earlier.get(address) ?? []), previousAddress]);
    }
    return (globs, address) => [address, ...(earlier.get(address) ?? [])].every((name) => (0,_documents_glob_js__WEBPACK_IMPORTED_MODULE_0__/* .matchesAnyGlob */ .o)(globs, name));
}


/***/ }),

/***/ 8082:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Lv: () => (/* binding */ isList),
/* harmony export */   PJ: () => (/* binding */ holdsTrue),
/* harmony export */   eC: () => (/* binding */ ownValue),
/* harmony export */   fR: () => (/* binding */ isEqualJson),
/* harmony export */   jh: () => (/* binding */ isMap),
/* harmony export */   qi: () => (/* binding */ isMark)
/* harmony export */ });
const isList = (value) => Array.isArray(value);
const isMap = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const ownValue = (map, key) => (Object.hasOwn(map, key) ? map[key] : undefined);
function holdsTrue(marks) {
    if (isList(marks)) {
        for (const item of marks)
            if (holdsTrue(item))
                return true;
        return false;
    }
    if (!isMap(marks))
        return isMark(marks);
    for (const key in marks)
        if (Object.hasOwn(marks, key) && holdsTrue(marks[key]))
            return true;
    return false;
}
const isMark = (mark) => mark !== undefined && mark !== null && mark !== false && typeof mark !== 'object';
function isEqualJson(a, b) {
    if (a === b)
        return true;
    if (isList(a))
        return isList(b) && a.length === b.length && a.every((item, i) => isEqualJson(item, b[i]));
    if (!isMap(a) || !isMap(b))
        return false;
    const keys = Object.keys(a);
    return (keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isEqualJson(ownValue(a, key), ownValue(b, key))));
}


/***/ })

};
