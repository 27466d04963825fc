export const id = 422;
export const ids = [422];
export const modules = {

/***/ 2422:
/***/ ((__webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
__webpack_require__.r(__webpack_exports__);
/* harmony import */ var _pre_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5271);
/* harmony import */ var _start_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2741);


await (0,_start_js__WEBPACK_IMPORTED_MODULE_1__/* .start */ .n)(_pre_js__WEBPACK_IMPORTED_MODULE_0__/* .runPre */ .X0);

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 5271:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Il: () => (/* binding */ jobStartedAt),
/* harmony export */   U$: () => (/* binding */ newUse),
/* harmony export */   X0: () => (/* binding */ runPre)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var _base_fault_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4509);
/* harmony import */ var _event_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(622);
/* harmony import */ var _inputs_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2517);
/* harmony import */ var _job_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(4017);
/* harmony import */ var _job_folder_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(9218);
/* harmony import */ var _open_session_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(9505);
/* harmony import */ var _relay_session_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(6008);








const newUse = () => (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomBytes)(16).toString('base64url');
const jobStartedAt = (runner) => Number(runner.state('started-at')) || null;
const PATIENCE_MS = 30_000;
async function runPre(world) {
    const { runner } = world;
    const use = newUse();
    runner.saveState('use', use);
    runner.saveState('started-at', String(world.clock.now()));
    try {
        const said = await begin(use, world);
        runner.info(said);
    }
    catch (thrown) {
        runner.warning(`The run task could not be claimed yet: ${(0,_base_fault_js__WEBPACK_IMPORTED_MODULE_1__/* .describeThrown */ .YI)(thrown)}. The main step tries again.`);
    }
}
async function begin(use, world) {
    const { transport, planFile, inputs, problems } = (0,_inputs_js__WEBPACK_IMPORTED_MODULE_3__/* .readInputs */ .K)(world.env);
    if (planFile !== null)
        return 'No run task: this step judges a plan of its own job.';
    const job = (0,_job_js__WEBPACK_IMPORTED_MODULE_4__/* .readJob */ .c)(world.env);
    if (transport?.kind === 'sealed')
        world.runner.mask(transport.sealKey);
    if (inputs.hcpToken !== null)
        world.runner.mask(inputs.hcpToken);
    if (transport === null || !job.ok)
        return `Not claimed: ${[...problems, ...(job.ok ? [] : [job.error])].join('; ')}`;
    const payload = await (0,_event_js__WEBPACK_IMPORTED_MODULE_2__/* .readPayload */ .r)(job.value);
    if (!payload.ok)
        return `Not claimed: ${payload.error}`;
    await (0,_job_folder_js__WEBPACK_IMPORTED_MODULE_5__/* .enter */ .Ve)((0,_job_folder_js__WEBPACK_IMPORTED_MODULE_5__/* .jobFolder */ .OW)(job.value, payload.value.id), { use, phase: inputs.phase });
    const request = {
        transport,
        payload: payload.value,
        use,
        phase: inputs.phase,
        process: 'pre',
        job: job.value,
        patienceMs: PATIENCE_MS,
        onVerdict: () => { },
    };
    if (transport.kind === 'relay' && 'ticket' in payload.value) {
        const claimed = await (0,_relay_session_js__WEBPACK_IMPORTED_MODULE_7__/* .claimQuietly */ .y)((0,_open_session_js__WEBPACK_IMPORTED_MODULE_6__/* .relayDeps */ ._8)(request, transport.relayUrl, world));
        if (!claimed.ok)
            throw new Error((0,_open_session_js__WEBPACK_IMPORTED_MODULE_6__/* .explain */ .WE)(claimed.error, transport.relayUrl));
        return claimed.value.verdict === null ? 'Run task claimed.' : `There is a verdict on record already: ${claimed.value.verdict.message}`;
    }
    const opened = await (0,_open_session_js__WEBPACK_IMPORTED_MODULE_6__/* .openSession */ .fA)(request, world);
    if (!opened.ok)
        throw new Error(opened.error);
    await opened.value.progress('The workflow has started.');
    await opened.value.close();
    return 'Run task opened.';
}


/***/ })

};
