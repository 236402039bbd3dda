using NetArchTest.Rules;

namespace PatientResponse.Tests.Infrastructure;

/// <summary>What may use what: an arrow between folders points one way only.</summary>
public class HouseTests
{
    private const string Root = "PatientResponse.Infrastructure.";
    private const string Slices = "PatientResponse.Features.";

    private static readonly string[] FromTheGroundUp =
        ["Text", "Hosting", "Languages", "Storage", "Telemetry", "Messaging", "Security", "Scan", "Sms", "Email", "Patients", "Files", "Web", "Start"];

    private static readonly Types All = Types.InAssembly(typeof(Program).Assembly);

    public static TheoryData<string> Floors => [.. FromTheGroundUp];

    [Fact]
    public void Every_folder_of_the_infrastructure_has_its_floor() =>
        Assert.Equal(FromTheGroundUp.Order(), FoldersBelow(Root));

    [Theory]
    [MemberData(nameof(Floors))]
    public void A_folder_of_the_infrastructure_uses_those_below_it_alone(string folder)
    {
        string[] above = [.. FromTheGroundUp.SkipWhile(floor => floor != folder).Skip(1).Select(floor => Root + floor), Slices.TrimEnd('.')];

        Assert.Empty(UsersOf(Root + folder, above));
    }

    [Fact]
    public void No_two_slices_use_each_other_not_even_by_way_of_others()
    {
        var slices = FoldersBelow(Slices).ToList();
        var uses = slices.ToDictionary(slice => slice, slice => slices.Where(other => other != slice && UsersOf(Slices + slice, Slices + other).Any()).ToList());

        var left = new Dictionary<string, List<string>>(uses);
        while (left.Keys.FirstOrDefault(slice => !left[slice].Exists(left.ContainsKey)) is { } free)
            left.Remove(free);

        Assert.Empty(left.Select(slice => $"{slice.Key} uses {string.Join(", ", slice.Value.Where(left.ContainsKey))}"));
    }

    [Fact]
    public void What_uses_another_folder_is_found() =>
        Assert.Contains("PatientResponse.Infrastructure.Storage.DocumentSession", UsersOf(Root + "Storage", Root + "Storage.Sealing"));

    /// <summary>Pages are classes of a namespace of their own, which begins with their source's folder.</summary>
    private static IEnumerable<string> UsersOf(string folder, params string[] others)
    {
        string[] named = [.. others, .. others.Select(OfPages)];
        return new[] { folder, OfPages(folder) }
            .SelectMany(space => All.That().ResideInNamespaceMatching($"^{space.Replace(".", @"\.", StringComparison.Ordinal)}(\\.|$)")
                .And().HaveDependencyOnAny(named).GetTypes())
            .Select(type => type.FullName!).Where(name => !others.Any(other => name.StartsWith(other, StringComparison.Ordinal)));
    }

    private static string OfPages(string space) => space.Replace("PatientResponse.", "PatientResponse.src.", StringComparison.Ordinal);

    private static IEnumerable<string> FoldersBelow(string root) => typeof(Program).Assembly.GetTypes()
        .Where(type => type.Namespace?.StartsWith(root, StringComparison.Ordinal) == true)
        .Select(type => type.Namespace![root.Length..].Split('.')[0]).Distinct().Order();
}
