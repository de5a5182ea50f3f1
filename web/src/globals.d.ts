/** Where the build puts the tables of the reader of PDF (`dev/pdf.ts`). */
declare const __PDF_RESOURCES__: string;
