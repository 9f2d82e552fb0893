/** What a control says of itself, so that its label and its note are read with it. */
export interface Described {
  id: string;
  "aria-invalid": "true" | undefined;
  "aria-describedby": string;
}
