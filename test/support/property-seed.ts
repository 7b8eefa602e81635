// Properties try the same cases in every run, so that a change is judged by what it changed. PROPERTY_SEED=… explores others.
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["PROPERTY_SEED"] ?? 20_261_125) });
