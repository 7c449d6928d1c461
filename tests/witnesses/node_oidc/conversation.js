// One JSON array on a line asks for a command with its arguments; one JSON object on a line answers.

import { createInterface } from "node:readline";
import { webcrypto } from "node:crypto";

// Node has it without being asked from version 20 on.
globalThis.crypto ??= webcrypto;

/** Return what an error says: its own words and those the server sent with it. */
function told(error) {
  const { name, message, code, error: word, error_description: description } = error;
  const { errorCode, errorMessage } = error;
  return { name, message, code, word, description, errorCode, errorMessage };
}

/** Carry out `commands` by name, one after another, until nobody asks any more. */
export async function converse(commands) {
  for await (const line of createInterface({ input: process.stdin })) {
    const [name, ...given] = JSON.parse(line);
    let answer;
    try {
      answer = { value: (await commands[name](...given)) ?? null };
    } catch (error) {
      answer = { error: told(error) };
    }
    console.log(JSON.stringify(answer));
  }
}
