using System.CommandLine;

namespace PatientResponse.Infrastructure.Hosting;

/// <summary>A command of the operator, such as <c>clinician add</c>; found like the slices' routes.</summary>
public interface IOperatorCommand
{
    /// <summary>The group that it belongs to: <c>clinician</c>, <c>practice</c>; empty for one that stands alone.</summary>
    string Group { get; }

    Command Build(IServiceProvider services);
}
