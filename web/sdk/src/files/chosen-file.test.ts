import { expect, test } from 'vitest';
import { ChosenFile } from './chosen-file.ts';
import { dataAt } from './frames.ts';

const chunk = (text: string) =>
  Uint8Array.from([...new Uint8Array(dataAt), ...new TextEncoder().encode(text)]);

test('what comes is written there, and there it is in the end', async () => {
  const place = new Place();
  const file = await ChosenFile.open(place.handle);
  await Promise.all([file.append(chunk('one ')), file.append(chunk('two'))]);
  expect(place.content).toBe('');
  const whole = await file.finish();
  expect(await whole.text()).toBe('one two');
  expect(whole.type).toBe('application/octet-stream');
});

test('a full disk is told apart from a place where nothing may be written', async () => {
  const place = new Place();
  const file = await ChosenFile.open(place.handle);
  place.error = 'QuotaExceededError';
  await expect(file.append(chunk('one'))).rejects.toMatchObject({ reason: 'no-room' });
  await expect(file.finish()).rejects.toMatchObject({ reason: 'no-room' });
  place.error = 'NotAllowedError';
  await expect(ChosenFile.open(place.handle)).rejects.toMatchObject({ reason: 'storage-failed' });
});

test.each(['', 'from before'])('a file that ends early leaves what was there: "%s"', async (before) => {
  const place = new Place();
  place.content = before;
  const file = await ChosenFile.open(place.handle);
  await file.append(chunk('half'));
  file.discard();
  await expect.poll(() => place.aborted && place.removed === (before === '')).toBe(true);
  expect(place.content).toBe(before);
});

/** A file on the disk: what is written is in it once the writer is closed. */
class Place {
  content = '';
  error = '';
  aborted = false;
  removed = false;
  #written: Blob[] = [];

  readonly handle = {
    createWritable: async () => {
      this.#check();
      return {
        write: async (data: BlobPart) => {
          this.#check();
          this.#written.push(new Blob([data]));
        },
        close: async () => {
          this.#check();
          this.content = await new Blob(this.#written).text();
        },
        abort: async () => {
          this.aborted = true;
        },
      };
    },
    getFile: async () => new File([this.content], 'x', { type: 'text/html' }),
    remove: async () => {
      this.removed = true;
    },
  } as unknown as FileSystemFileHandle;

  #check(): void {
    if (this.error) throw new DOMException('no', this.error);
  }
}
