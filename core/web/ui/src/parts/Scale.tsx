// One statement and the answers 1 to 5 to it, or none. `words` say what the numbers mean.
interface ScaleProps {
  // Unique on the page.
  name: string;
  legend: string;
  // 0: not answered.
  value: number;
  words: string[];
  onChange: (value: number) => void;
}

export function Scale({ name, legend, value, words, onChange }: ScaleProps) {
  return (
    <fieldset class="scale">
      <legend>{legend}</legend>
      <div class="scale-steps">
        {words.map((word, i) => (
          <label key={word} class="scale-step">
            <input
              class="sr-only"
              type="radio"
              name={name}
              checked={value === i + 1}
              onChange={() => onChange(i + 1)}
              // A second press takes the answer back: saying nothing is an answer, too.
              onClick={() => value === i + 1 && onChange(0)}
            />
            <span class="scale-number">{i + 1}</span>
            <span class="scale-word">{word}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
