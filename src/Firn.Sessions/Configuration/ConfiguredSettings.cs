using System.Collections.Concurrent;
using System.Text.Json;
using Firn.Building;
using Firn.Evaluation;
using Firn.Fetching;
using Firn.Model.Diagnostics;
using Firn.Model.Settings;
using Firn.Model.Text;
using Firn.Sandbox;
using Firn.Store;
using Firn.Store.Local;
using Firn.Transfers;

namespace Firn.Sessions.Configuration;

/// <summary>The settings in force: defaults, then files and variables, then the command line.</summary>
public sealed class ConfiguredSettings
{
    private readonly List<(Setting Setting, bool Appends, Assignment Assignment)> _assignments = [];
    private readonly ConcurrentDictionary<Type, object> _records = new();

    /// <summary>Takes assignments in the order in which they count, and warns about those that mean nothing.</summary>
    public ConfiguredSettings(IEnumerable<Assignment> assignments, IMessageLog log)
    {
        var unknown = new HashSet<string>();
        foreach (var assignment in assignments)
        {
            if (SettingCatalog.FindAssignable(assignment.Name) is { } found)
            {
                _assignments.Add((found.Setting, found.Appends, assignment));
            }
            else if (unknown.Add(assignment.Name))
            {
                log.Write(Verbosity.Warning, $"unknown setting '{assignment.Name}'");
            }
        }

        var features = Get<SessionSettings>().ExperimentalFeatures;
        if (features.Contains("no-url-literals"))
        {
            log.Write(
                Verbosity.Warning, "experimental feature 'no-url-literals' has been stabilized and renamed; use 'lint-url-literals = fatal' setting instead");
        }

        foreach (var (setting, _, _) in _assignments.Where(a => a.Setting.Feature is { } f && !features.Contains(f)).ToList())
        {
            log.Write(
                Verbosity.Warning,
                $"Ignoring setting '{setting.Name}' because experimental feature '{setting.Feature}' is not enabled");
        }

        _assignments.RemoveAll(a => a.Setting.Feature is { } f && !features.Contains(f));
        _records.Clear();
    }

    /// <summary>Takes further assignments, which count more than those before.</summary>
    internal void Add(IEnumerable<Assignment> assignments)
    {
        foreach (var assignment in assignments)
        {
            if (SettingCatalog.FindAssignable(assignment.Name) is { } found)
            {
                _assignments.Add((found.Setting, found.Appends, assignment));
            }
        }

        _records.Clear();
    }

    /// <summary>Returns a record with what is in force.</summary>
    /// <exception cref="UsageException">A value is not one that its setting can have.</exception>
    public T Get<T>()
        where T : class, ISettings<T>, new() => (T)_records.GetOrAdd(typeof(T), static (_, self) => self.Make<T>(), this);

    /// <summary>Lists every setting whose feature is enabled with its value, by name.</summary>
    public IEnumerable<(Setting Setting, string Value)> Print() =>
        Table<BuildSettings>().Concat(Table<EvaluationSettings>()).Concat(Table<FetchSettings>())
            .Concat(Table<LocalStoreSettings>()).Concat(Table<SandboxSettings>()).Concat(Table<SessionSettings>())
            .Concat(Table<SubstituterSettings>()).Concat(Table<TransferSettings>())
            .Where(entry => IsEnabled(entry.Setting))
            .OrderBy(entry => entry.Setting.Name, Utf8Order.Comparer);

    /// <summary>Tells whether the setting's experimental feature, if it has one, is enabled.</summary>
    public bool IsEnabled(Setting setting) =>
        setting.Feature is not { } feature || Get<SessionSettings>().ExperimentalFeatures.Contains(feature);

    /// <summary>Whether anybody said what a setting is to be.</summary>
    public bool IsSet(string name) => _assignments.Exists(a => a.Setting.Name == name);

    /// <summary>Writes all settings as one JSON object.</summary>
    public void WriteJson(Utf8JsonWriter json)
    {
        var entries = new SortedDictionary<string, Action>(Utf8Order.Comparer);
        AddJson<BuildSettings>(entries, json);
        AddJson<EvaluationSettings>(entries, json);
        AddJson<FetchSettings>(entries, json);
        AddJson<LocalStoreSettings>(entries, json);
        AddJson<SandboxSettings>(entries, json);
        AddJson<SessionSettings>(entries, json);
        AddJson<SubstituterSettings>(entries, json);
        AddJson<TransferSettings>(entries, json);
        json.WriteStartObject();
        foreach (var write in entries.Values)
        {
            write();
        }

        json.WriteEndObject();
    }

    /// <summary>What the user asked for beyond the machine's configuration, as a daemon is told.</summary>
    public IEnumerable<Assignment> Overrides => _assignments.Select(a => a.Assignment).Where(a => a.IsOverride);

    private T Make<T>()
        where T : class, ISettings<T>, new()
    {
        var record = new T();
        foreach (var (setting, appends, assignment) in _assignments)
        {
            if (setting is Setting<T> own)
            {
                record = appends ? own.Append(record, assignment.Value) : own.Set(record, assignment.Value);
            }
        }

        return record;
    }

    private IEnumerable<(Setting Setting, string Value)> Table<T>()
        where T : class, ISettings<T>, new() => T.All.Select(setting => ((Setting)setting, setting.Print(Get<T>())));

    private void AddJson<T>(SortedDictionary<string, Action> entries, Utf8JsonWriter json)
        where T : class, ISettings<T>, new()
    {
        foreach (var setting in T.All)
        {
            entries[setting.Name] = () =>
            {
                json.WriteStartObject(setting.Name);
                json.WriteStartArray("aliases");
                foreach (var alias in setting.Aliases)
                {
                    json.WriteStringValue(alias);
                }

                json.WriteEndArray();
                json.WritePropertyName("defaultValue");
                setting.WriteJson(json, new T());
                json.WriteString("description", setting.Description);
                json.WriteBoolean("documentDefault", true);
                json.WriteString("experimentalFeature", setting.Feature);
                json.WritePropertyName("value");
                setting.WriteJson(json, Get<T>());
                json.WriteEndObject();
            };
        }
    }
}
