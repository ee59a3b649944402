using Firn.Model.Hashing;
using Firn.Model.Realisations;
using Firn.Model.StorePaths;

namespace Firn.Store.Local.Database;

internal sealed partial class StoreDatabase
{
    internal Realisation? FindRealisation(DrvOutput output)
    {
        lock (_lock)
        {
            return (_hasRealisations ? FindOwn(output) : null) ?? Lower?.FindRealisation(output);
        }
    }

    internal IReadOnlyList<Realisation> ListRealisations(StorePath output)
    {
        lock (_lock)
        {
            var found = new List<Realisation>(Lower?.ListRealisations(output) ?? []);
            if (_hasRealisations && FindId(output) is { } id)
            {
                var query = Prepare("select drvPath, outputName, signatures from Realisations where outputPath = ?;").Bind(id);
                while (query.Step())
                {
                    found.Add(new Realisation(new DrvOutput(Hash.Parse(query.Text(0)!), query.Text(1)!), output) { Signatures = Split(query.Text(2) ?? "") });
                }

                query.Reset();
            }

            return found;
        }
    }

    internal void RegisterRealisation(Realisation realisation)
    {
        var id = realisation.Id;
        lock (_lock)
        {
            if (!_hasRealisations)
            {
                throw new StoreException(
                    StoreErrors.Unsupported, $"cannot register a realisation of '{id}': this store has no place for it",
                    hints: "enable the experimental feature 'ca-derivations'");
            }

            // One of the store below becomes this store's own first, lest the two come to differ.
            if (FindOwn(id) is null && Lower?.FindRealisation(id) is { } lower)
            {
                IsValid(lower.OutputPath);
                Write(lower);
            }

            IsValid(realisation.OutputPath);
            Write(realisation);
        }
    }

    private Realisation? FindOwn(DrvOutput output)
    {
        var query = Prepare(
            "select Output.path, Realisations.signatures from Realisations inner join ValidPaths as Output"
            + " on Output.id = Realisations.outputPath where drvPath = ? and outputName = ?;");
        var found = query.Bind(output.DerivationHash.ToString(HashFormat.Base16)).Bind(output.OutputName).Step()
            ? new Realisation(output, _directory.Parse(query.Text(0)!)) { Signatures = Split(query.Text(1) ?? "") }
            : null;
        query.Reset();
        return found;
    }

    private void Write(Realisation realisation) => _database.InTransaction(() =>
    {
        var id = realisation.Id;
        var known = FindOwn(id);
        if (known is not null && !known.OutputPath.Equals(realisation.OutputPath))
        {
            throw new StoreException(
                StoreErrors.Conflict,
                $"trying to register a realisation of '{id}', but we already have another one locally;\n"
                + $"  local:  {_directory.Absolute(known.OutputPath)}\n  remote: {_directory.Absolute(realisation.OutputPath)}");
        }

        if (known is not null)
        {
            var signatures = string.Join(' ', known.Signatures.Union(realisation.Signatures).Order(StringComparer.Ordinal));
            Prepare("update Realisations set signatures = ? where drvPath = ? and outputName = ?;")
                .Bind(signatures).Bind(id.DerivationHash.ToString(HashFormat.Base16)).Bind(id.OutputName).Run();
        }
        else
        {
            var output = FindId(realisation.OutputPath) ?? throw StoreException.NotValid(realisation.OutputPath, _directory);
            Prepare("insert into Realisations (drvPath, outputName, outputPath, signatures) values (?, ?, ?, ?);")
                .Bind(id.DerivationHash.ToString(HashFormat.Base16)).Bind(id.OutputName).Bind(output)
                .Bind(string.Join(' ', realisation.Signatures)).Run();
        }

        return true;
    });
}
