using Firn.Model.Diagnostics;

namespace Firn.Cli.Rendering;

/// <summary>An activity log that also shows the failure that ends the command.</summary>
internal interface IDiagnosticLog : IActivityLog, IDisposable
{
    void Write(Diagnostic diagnostic, bool showsTrace);
}
