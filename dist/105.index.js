export const id = 105;
export const ids = [105];
export const modules = {

/***/ 1105:
/***/ ((__webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
__webpack_require__.r(__webpack_exports__);
/* harmony import */ var _post_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4954);
/* harmony import */ var _start_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2741);


await (0,_start_js__WEBPACK_IMPORTED_MODULE_1__/* .start */ .n)(_post_js__WEBPACK_IMPORTED_MODULE_0__/* .runPost */ .a);

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 4744:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   AC: () => (/* binding */ whyNotOne),
/* harmony export */   bx: () => (/* binding */ lastWord),
/* harmony export */   ww: () => (/* binding */ hasPhase)
/* harmony export */ });
function whyNotOne(uses) {
    const phases = uses.map(({ phase }) => phase).sort();
    if (phases.length <= 1 || (phases.length === 2 && phases[0] === 'begin' && phases[1] === 'finish'))
        return null;
    return 'Two steps of the same job use this action, and each would judge with half of the checks. Use it once, or as `phase: begin` and `phase: finish`.';
}
const hasPhase = (uses, phase) => uses.some((one) => one.phase === phase);
const CUT_OFF = 'The job ended before the checks did: it was canceled, ran into its time limit or out of memory, or was killed. The workflow run has the log.';
const NEVER_RAN = 'The checks never ran: an earlier step of the job failed, or an `if:` skipped the run task step. The workflow run has the log.';
const BETWEEN = 'The checks never ran: a step between `phase: begin` and `phase: finish` failed or was canceled, or an `if:` skipped the last. The workflow run has the log.';
const NO_FINISH = 'The job has a step with `phase: begin` and none with `phase: finish` that ran, so no check ran. Add one after the steps that need the plan: the same `uses:` and `with:`, and `phase: finish`.';
const FINISH_SILENT = 'The step with `phase: finish` came to no verdict. The workflow run has the log.';
function lastWord(phase, main, uses) {
    if (main === 'begun')
        return hasPhase(uses, 'finish') ? FINISH_SILENT : NO_FINISH;
    if (main === 'started')
        return CUT_OFF;
    return phase === 'finish' && hasPhase(uses, 'begin') ? BETWEEN : NEVER_RAN;
}


/***/ }),

/***/ 4954:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   a: () => (/* binding */ runPost)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var _base_fault_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4509);
/* harmony import */ var _event_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(622);
/* harmony import */ var _inputs_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2517);
/* harmony import */ var _job_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(4017);
/* harmony import */ var _job_folder_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(9218);
/* harmony import */ var _keep_alive_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(8365);
/* harmony import */ var _open_session_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(9505);
/* harmony import */ var _phases_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(4744);









const PATIENCE_MS = 90_000;
async function runPost(world) {
    const { runner } = world;
    const use = runner.state('use');
    const job = (0,_job_js__WEBPACK_IMPORTED_MODULE_4__/* .readJob */ .c)(world.env);
    if (!job.ok || use === '')
        return;
    const { transport, inputs } = (0,_inputs_js__WEBPACK_IMPORTED_MODULE_3__/* .readInputs */ .K)(world.env);
    const payload = await (0,_event_js__WEBPACK_IMPORTED_MODULE_2__/* .readPayload */ .r)(job.value);
    const folder = payload.ok ? (0,_job_folder_js__WEBPACK_IMPORTED_MODULE_5__/* .jobFolder */ .OW)(job.value, payload.value.id) : null;
    try {
        if (folder !== null)
            await (0,_keep_alive_js__WEBPACK_IMPORTED_MODULE_6__/* .stopKeepAlive */ .F6)(folder);
        if (transport !== null && payload.ok && runner.state('main') !== 'finished')
            await sayTheLastWord({ transport, payload: payload.value, use, phase: inputs.phase, job: job.value }, world);
    }
    catch (thrown) {
        runner.fail(`HCP Terraform could not be told that this job gave no verdict: ${(0,_base_fault_js__WEBPACK_IMPORTED_MODULE_1__/* .describeThrown */ .YI)(thrown)}. In a relay session the relay decides by itself when the claim runs out.`);
    }
    finally {
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rm)((0,_job_js__WEBPACK_IMPORTED_MODULE_4__/* .workFolder */ .k)(job.value, use), { recursive: true, force: true });
        if (folder !== null)
            await (0,_job_folder_js__WEBPACK_IMPORTED_MODULE_5__/* .leave */ .qG)(folder, inputs.phase);
    }
}
async function sayTheLastWord(task, world) {
    const { runner } = world;
    const { job, payload, phase } = task;
    const opened = await (0,_open_session_js__WEBPACK_IMPORTED_MODULE_7__/* .openSession */ .fA)({ ...task, process: 'post', patienceMs: PATIENCE_MS, onVerdict: () => { } }, world);
    if (!opened.ok)
        throw new Error(opened.error);
    const session = opened.value;
    try {
        if (session.finished !== null) {
            runner.info(`Verdict on record: ${session.finished.verdict.status}. ${session.finished.verdict.message}`);
            return;
        }
        const message = (0,_phases_js__WEBPACK_IMPORTED_MODULE_8__/* .lastWord */ .bx)(phase, runner.state('main'), await (0,_job_folder_js__WEBPACK_IMPORTED_MODULE_5__/* .readUses */ .NC)((0,_job_folder_js__WEBPACK_IMPORTED_MODULE_5__/* .jobFolder */ .OW)(job, payload.id)));
        const finished = await session.finish({ status: 'failed', message, url: job.url, outcomes: [] });
        runner.output('result', finished.verdict.status);
        runner.fail(`Verdict on record: ${finished.verdict.status}. ${finished.verdict.message}`);
    }
    finally {
        await session.close();
    }
}


/***/ })

};
