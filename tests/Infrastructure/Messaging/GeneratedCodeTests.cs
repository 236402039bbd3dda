using System.Diagnostics;

namespace PatientResponse.Tests.Infrastructure.Messaging;

/// <summary>What Wolverine puts around our handlers is generated before and committed: nothing is compiled while the product runs.</summary>
public class GeneratedCodeTests
{
    /// <summary>Beside the tests' own assemblies the generator stumbles over FsCheck's.</summary>
    private static readonly string Product = Path.Combine(Repository.Root, Path.GetRelativePath(Path.Combine(Repository.Root, "tests"), AppContext.BaseDirectory), "PatientResponse.dll");

    [Fact]
    public async Task The_code_around_the_handlers_is_what_would_be_generated_today()
    {
        var folder = Directory.CreateTempSubdirectory("patient-response-").FullName;
        try
        {
            await GenerateAsync(folder);

            var (committed, today) = (Read(Repository.Root), Read(folder));
            Assert.Contains(today.Keys, name => name.StartsWith("DeliverSmsHandler", StringComparison.Ordinal));
            Assert.Equal(today, committed); // Otherwise: delete Internal/Generated, build, and "dotnet run -- codegen write".
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void No_compiler_comes_with_the_product()
    {
        var dependencies = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "PatientResponse.deps.json"));

        Assert.Contains("Wolverine.dll", dependencies, StringComparison.Ordinal);
        Assert.DoesNotContain("Microsoft.CodeAnalysis", dependencies, StringComparison.Ordinal);
    }

    private static async Task GenerateAsync(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Product, "codegen", "write"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
    }

    private static SortedDictionary<string, string> Read(string root) => new(
        Directory.GetFiles(Path.Combine(root, "Internal", "Generated", "WolverineHandlers")).ToDictionary(file => Path.GetFileName(file)!, file => File.ReadAllText(file).ReplaceLineEndings("\n")));
}
