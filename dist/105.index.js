export const id = 105;
export const ids = [105];
export const modules = {

/***/ 1105:
/***/ ((__webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
__webpack_require__.r(__webpack_exports__);
/* harmony import */ var _post_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4954);
/* harmony import */ var _start_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(533);


await (0,_start_js__WEBPACK_IMPORTED_MODULE_1__/* .start */ .n)(_post_js__WEBPACK_IMPORTED_MODULE_0__/* .runPost */ .a);

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 4954:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   a: () => (/* binding */ runPost)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var _base_fault_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4509);
/* harmony import */ var _event_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(622);
/* harmony import */ var _inputs_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(2517);
/* harmony import */ var _job_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(4017);
/* harmony import */ var _open_session_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(2874);






const PATIENCE_MS = 90_000;
async function runPost(world) {
    const { runner } = world;
    const use = runner.state('use');
    const job = (0,_job_js__WEBPACK_IMPORTED_MODULE_3__/* .readJob */ .c)(world.env);
    if (!job.ok || use === '')
        return;
    try {
        if (runner.state('main') !== 'finished')
            await sayTheLastWord(use, job.value, world);
    }
    catch (thrown) {
        runner.fail(`HCP Terraform could not be told that this job gave no verdict: ${(0,_base_fault_js__WEBPACK_IMPORTED_MODULE_1__/* .describeThrown */ .YI)(thrown)}. In a relay session the relay decides by itself when the claim runs out.`);
    }
    finally {
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.rm)((0,_job_js__WEBPACK_IMPORTED_MODULE_3__/* .workFolder */ .k)(job.value, use), { recursive: true, force: true });
    }
}
async function sayTheLastWord(use, job, world) {
    const { runner } = world;
    const { transport } = (0,_inputs_js__WEBPACK_IMPORTED_MODULE_5__/* .readInputs */ .K)(world.env);
    const payload = await (0,_event_js__WEBPACK_IMPORTED_MODULE_2__/* .readPayload */ .r)(job);
    if (transport === null || !payload.ok)
        return;
    const opened = await (0,_open_session_js__WEBPACK_IMPORTED_MODULE_4__/* .openSession */ .fA)({ transport, payload: payload.value, use, process: 'post', job, patienceMs: PATIENCE_MS, onVerdict: () => { } }, world);
    if (!opened.ok)
        throw new Error(opened.error);
    const session = opened.value;
    try {
        if (session.finished !== null) {
            runner.info(`Verdict on record: ${session.finished.verdict.status}. ${session.finished.verdict.message}`);
            return;
        }
        const message = reason(runner.state('main') === 'started');
        const finished = await session.finish({ status: 'failed', message, url: job.url, outcomes: [] });
        runner.output('result', finished.verdict.status);
        runner.fail(`Verdict on record: ${finished.verdict.status}. ${finished.verdict.message}`);
    }
    finally {
        await session.close();
    }
}
function reason(mainStarted) {
    return mainStarted
        ? 'The job ended before the checks did: it was canceled, ran into its time limit or out of memory, or was killed. The workflow run has the log.'
        : 'The checks never ran: an earlier step of the job failed, or an `if:` skipped the run task step. The workflow run has the log.';
}


/***/ })

};
