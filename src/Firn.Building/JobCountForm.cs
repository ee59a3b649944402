using Firn.Model.Settings;

namespace Firn.Building;

/// <summary>A number of jobs, or <c>auto</c> for as many as there are processors.</summary>
public static class JobCountForm
{
    public static SettingForm<int> Form { get; } = SettingForm.Int32 with
    {
        Parse = (name, text) => text == "auto" ? Environment.ProcessorCount : SettingForm.Int32.Parse(name, text),
    };
}
