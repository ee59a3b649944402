using System.Collections.Immutable;
using Firn.Model.Settings;

namespace Firn.Evaluation;

/// <summary>What an evaluation may do and how far it may go.</summary>
public sealed partial record EvaluationSettings
{
    /// <summary>Where &lt;name&gt; is looked up, as name=path or path.</summary>
    [Setting("nix-path")]
    public ImmutableArray<string> NixPath { get; init; } = [];

    /// <summary>Allow only what is the same everywhere: no environment, no time, no files but locked ones.</summary>
    [Setting("pure-eval")]
    public bool PureEval { get; init; }

    /// <summary>Allow only files in the lookup path and allowed URIs.</summary>
    [Setting("restrict-eval")]
    public bool RestrictEval { get; init; }

    /// <summary>URI prefixes that restricted evaluation may fetch.</summary>
    [Setting("allowed-uris")]
    public ImmutableArray<string> AllowedUris { get; init; } = [];

    /// <summary>What builtins.currentSystem is; empty means the setting system.</summary>
    [Setting("eval-system")]
    public string EvalSystem { get; init; } = "";

    /// <summary>Allow an evaluation to build and read the result.</summary>
    [Setting("allow-import-from-derivation")]
    public bool AllowImportFromDerivation { get; init; } = true;

    /// <summary>Say when an evaluation builds something.</summary>
    [Setting("trace-import-from-derivation")]
    public bool TraceImportFromDerivation { get; init; }

    /// <summary>Allow builtins that run programs.</summary>
    [Setting("allow-unsafe-native-code-during-evaluation")]
    public bool AllowUnsafeNativeCodeDuringEvaluation { get; init; }

    /// <summary>How deep calls may nest.</summary>
    [Setting("max-call-depth")]
    public int MaxCallDepth { get; init; } = 10000;

    /// <summary>Print each call as it begins and ends.</summary>
    [Setting("trace-function-calls")]
    public bool TraceFunctionCalls { get; init; }

    /// <summary>Let builtins.traceVerbose print.</summary>
    [Setting("trace-verbose")]
    public bool TraceVerbose { get; init; }

    /// <summary>Make builtins.warn fail.</summary>
    [Setting("abort-on-warn")]
    public bool AbortOnWarn { get; init; }

    /// <summary>Enter the debugger at builtins.trace.</summary>
    [Setting("debugger-on-trace")]
    public bool DebuggerOnTrace { get; init; }

    /// <summary>Enter the debugger at builtins.warn.</summary>
    [Setting("debugger-on-warn")]
    public bool DebuggerOnWarn { get; init; }

    /// <summary>Whether the debugger passes over errors that builtins.tryEval answers.</summary>
    [Setting("ignore-try")]
    public bool IgnoreTry { get; init; }

    /// <summary>Remember what was evaluated, and what the packages of a package set are, for as long as all that was read is as it was.</summary>
    [Setting("eval-cache")]
    public bool EvalCache { get; init; } = true;

    /// <summary>On how many cores one evaluation may run; 0 means as many as there are and help.</summary>
    [Setting("eval-cores")]
    public int EvalCores { get; init; }

    /// <summary>Measure where the time goes: disabled or flamegraph.</summary>
    [Setting("eval-profiler")]
    public string EvalProfiler { get; init; } = "disabled";

    /// <summary>Where the measurement is written.</summary>
    [Setting("eval-profile-file")]
    public string EvalProfileFile { get; init; } = "nix.profile";

    /// <summary>How many samples a second to take.</summary>
    [Setting("eval-profiler-frequency")]
    public int EvalProfilerFrequency { get; init; } = 99;

    /// <summary>How large a set on the right of // may be to be layered rather than merged.</summary>
    [Setting("eval-attrset-update-layer-rhs-threshold")]
    public int EvalAttrsetUpdateLayerRhsThreshold { get; init; } = 16;

    /// <summary>What to do about path literals that start with /: ignore, warn or fatal.</summary>
    [Setting("lint-absolute-path-literals")]
    public string LintAbsolutePathLiterals { get; init; } = "ignore";

    /// <summary>What to do about path literals that do not start with ./: ignore, warn or fatal.</summary>
    [Setting("lint-short-path-literals")]
    public string LintShortPathLiterals { get; init; } = "ignore";

    /// <summary>What to do about URLs without quotes: ignore, warn or fatal.</summary>
    [Setting("lint-url-literals")]
    public string LintUrlLiterals { get; init; } = "ignore";

    /// <summary>Older way to set lint-short-path-literals to warn.</summary>
    [Setting("warn-short-path-literals")]
    public bool WarnShortPathLiterals { get; init; }
}
