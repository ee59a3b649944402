using Firn.Model.Diagnostics;
using Firn.Sessions;
using Firn.Store.Local.Verifying;

namespace Firn.Cli.Commands.Stores;

/// <summary>Reads the whole store, tells what is wrong and whom that touches, and mends it if asked to.</summary>
internal sealed class WholeStoreCheck(Session session, Output output)
{
    /// <summary>Does it; true when nothing is wrong, or nothing any more.</summary>
    public bool Run(bool repairs)
    {
        var scanner = new IntegrityScanner(session.LocalStore);
        var findings = scanner.ScanAll(session.Cancellation);
        var reach = new Lazy<DamageReach>(() => new DamageReach(session.LocalStore));
        var left = 0;
        foreach (var finding in findings)
        {
            output.Line(finding.Message);
            if (finding is { IsDamage: true, Object: { } damaged })
            {
                foreach (var line in reach.Value.Of(damaged).Describe())
                {
                    output.Line("  " + line);
                }

                left += repairs && Repair(scanner, finding) ? 0 : 1;
            }
            else
            {
                left++;
            }
        }

        var count = session.LocalStore.ListAll().Count();
        output.Line(findings.Count == 0
            ? $"{count} objects are as they were added"
            : $"{count} objects, {findings.Count} findings, {findings.Count - left} mended");
        if (left > 0 && !repairs && findings.Any(f => f.IsDamage))
        {
            output.Line("'nix store verify --repair' makes damaged objects anew, from caches or by building them");
        }

        return left == 0;
    }

    private bool Repair(IntegrityScanner scanner, Finding finding)
    {
        var path = finding.Object!;
        try
        {
            session.Store.Builds.Repair(path, session.Cancellation);
        }
        catch (FirnException e)
        {
            output.Line($"  not mended: {e.Message.ReplaceLineEndings("\n  ")}");
            return false;
        }

        var isGood = scanner.Scan(path).Count == 0;
        output.Line(isGood ? "  mended" : "  not mended: what was made anew differs from what is recorded");
        return isGood;
    }
}
