// A disbursement at the fake bank starts a task of process `intake`; a request without credentials does not.
//
// Needs Node 20 or newer: node --test examples/node. MPOSIM is the program, SCENARIO the scenario; see ../README.md.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const MPOSIM = process.env.MPOSIM ?? 'mposim';
const SCENARIO = process.env.SCENARIO ?? fileURLToPath(new URL('../../scenarios/basic-right', import.meta.url));

/** The status and the JSON of the answer. */
async function request(method, url, body) {
  const answer = await fetch(url, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  return [answer.status, await answer.json()];
}

/** Starts `mposim serve` and waits until both fakes listen. */
async function serve() {
  // Port 0 takes a free port; stdout says which, and then `ready`.
  const ports = ['--mambu', '127.0.0.1:0', '--mpo', '127.0.0.1:0'];
  const child = spawn(MPOSIM, ['serve', SCENARIO, ...ports], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const sim = { urls: {} };
  sim.stop = async () => {
    child.kill();
    const [code] = await ended;
    return code;
  };
  await Promise.race([once(child, 'spawn'), ended]);
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, ...rest] = line.split(' ');
    if (word === 'ready') return sim;
    if (word === 'url') sim.urls[rest[0]] = rest[1];
    else if (word === 'mambu' || word === 'mpo') sim[word] = rest[0];
  }
  throw new Error(`mposim serve ended with ${await sim.stop()}`);
}

let sim;
before(async () => {
  sim = await serve();
});
after(async () => {
  // Without a simulator, `before` has failed and said why.
  if (sim) assert.equal(await sim.stop(), 0);
});
// Nothing is left of an earlier test.
beforeEach(() => request('DELETE', `${sim.mpo}/sim/state`));

test('a disbursement starts a task', async () => {
  const event = { type: 'LOAN_DISBURSEMENT', amount: 5000 };
  const [happened] = await request('POST', `${sim.mambu}/sim/events`, event);
  assert.equal(happened, 202);

  // Answers when the task is there: nothing polls, nothing sleeps.
  const [status, came] = await request('GET', `${sim.mpo}/sim/tasks?process=intake&count=1&await=5s`);
  assert.equal(status, 200, JSON.stringify(came));
  assert.equal(came.tasks.length, 1);
  const [task] = came.tasks;
  assert.equal(task.process, 'intake');
  assert.equal(task.data.amount, '5000.00');
  assert.equal(task.data.loan, 'LN-1001');
});

test('without credentials access is denied', async () => {
  const [status, denied] = await request('POST', sim.urls.intake, { amount: '5000.00' });
  assert.equal(status, 403);
  assert.equal(denied.ops.description, 'Access denied');

  const [, { rejections }] = await request('GET', `${sim.mpo}/sim/rejections`);
  assert.deepEqual(rejections.map((rejection) => rejection.class), ['missing']);
  const [, { tasks }] = await request('GET', `${sim.mpo}/sim/tasks`);
  assert.deepEqual(tasks, []);
});
